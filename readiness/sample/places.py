"""Twelve invented trusts with their sites and wards. No name here belongs to a real hospital, no code to a real one."""

from dataclasses import dataclass

from readiness.sample.chance import stream
from readiness.sample.tables import Pack

LONDON = "Europe/London"

# Trust: short code, name, region.
TRUSTS = (
    ("ALD", "Aldenmoor University Hospitals", "North"),
    ("BRK", "Brackenfold and Hexmere Hospitals", "North"),
    ("CAL", "Caldersea Hospitals", "East"),
    ("DUN", "Dunmarrow Acute Hospitals", "North"),
    ("ELL", "Ellerwick Teaching Hospitals", "Midlands"),
    ("FEN", "Fennick and Ottermarsh Hospitals", "East"),
    ("HAR", "Harrowsea Coast Hospitals", "South"),
    ("INC", "Inchbourne Hospitals", "West"),
    ("MER", "Merribank Hospitals", "Midlands"),
    ("PEL", "Pellingham and Quernford Hospitals", "South"),
    ("WYC", "Wychmere University Hospitals", "West"),
    ("WIN", "Winterbeck Hospitals", "South"),
)

# The sites of each trust: size, a letter of SIZES, and name.
SITES = {
    "ALD": (
        ("L", "Aldenmoor General Hospital"),
        ("M", "Thornbeck Infirmary"),
        ("S", "Mossgate Hospital"),
        ("S", "Larkhollow Hospital"),
        ("C", "Dovecross Clinic"),
    ),
    "BRK": (("L", "Brackenfold General Hospital"), ("M", "Hexmere Hospital"), ("S", "Foxholme Hospital")),
    "CAL": (
        ("L", "Caldersea General Hospital"),
        ("M", "Saltmarch Hospital"),
        ("S", "Pebbleham Hospital"),
        ("P", "Osierby Health Centre"),
    ),
    "DUN": (("L", "Dunmarrow Infirmary"), ("M", "Garrowdale Hospital"), ("S", "Wetherlow Hospital")),
    "ELL": (
        ("L", "Ellerwick Teaching Hospital"),
        ("M", "Kelderby Hospital"),
        ("S", "Ullerdale Hospital"),
        ("S", "Tarnfell Hospital"),
    ),
    "FEN": (
        ("M", "Fennick General Hospital"),
        ("M", "Ottermarsh Hospital"),
        ("S", "Greywater Hospital"),
        ("H", "Thistlecombe Care Home"),
    ),
    "HAR": (
        ("M", "Harrowsea Hospital"),
        ("S", "Capelmoor Hospital"),
        ("S", "Staverhythe Hospital"),
        ("M", "Copperhythe Hospital"),
    ),
    "INC": (("L", "Inchbourne General Hospital"), ("M", "Withyford Hospital"), ("S", "Heronsbeck Hospital")),
    "MER": (("L", "Merribank General Hospital"), ("M", "Crowmarch Hospital"), ("S", "Swanlow Hospital")),
    "PEL": (("M", "Pellingham Hospital"), ("M", "Quernford Hospital"), ("S", "Sedgewater Hospital")),
    "WYC": (
        ("L", "Wychmere University Hospital"),
        ("M", "Yarrowgate Hospital"),
        ("S", "Fallowby Hospital"),
        ("T", "Amberleigh Community Team"),
    ),
    "WIN": (
        ("M", "Winterbeck Hospital"),
        ("S", "Linnetford Hospital"),
        ("S", "Cobblethwaite Hospital"),
        ("G", "Cape Vennmoor Hospital"),
    ),
}

# Letter of a site: number of wards, kind, time zone.
SIZES = {
    "L": (10, "hospital", LONDON),
    "M": (7, "hospital", LONDON),
    "S": (4, "hospital", LONDON),
    "G": (4, "hospital", "Europe/Gibraltar"),
    "C": (2, "clinic", LONDON),
    "P": (2, "practice", LONDON),
    "H": (1, "care_home", LONDON),
    "T": (2, "community", LONDON),
}

WARD_NAMES = (
    *("Alder", "Beech", "Cedar", "Damson", "Elder", "Fern", "Gorse", "Hazel"),
    *("Iris", "Juniper", "Kestrel", "Linnet", "Maple", "Nightjar", "Osprey"),
)

SPECIALTIES = {
    "L": (
        "Emergency department",
        "Acute medicine",
        "Respiratory medicine",
        "Cardiology",
        "Stroke",
        "Care of older people",
        "General surgery",
        "Trauma and orthopaedics",
        "Critical care",
        "Maternity",
    ),
    "M": (
        "Emergency department",
        "Acute medicine",
        "Respiratory medicine",
        "Care of older people",
        "General surgery",
        "Children's ward",
        "Outpatients",
    ),
    "S": ("General medicine", "Rehabilitation", "Day surgery", "Outpatients"),
    "G": ("General medicine", "Rehabilitation", "Day surgery", "Outpatients"),
    "C": ("Outpatients", "Diagnostics"),
    "P": ("General practice", "Long-term conditions"),
    "H": ("Residential care",),
    "T": ("Community nursing", "Community therapy"),
}

# Partners whose signatures agreements ask for: organisations beside the trusts.
SIGNING_PARTNERS = (
    ("P-CARE", "Vale and Moor Shared Care Partnership", "partnership", "North"),
    ("P-GPFED", "Five Rivers General Practice Federation", "federation", "Midlands"),
)


@dataclass(frozen=True)
class Ward:
    """A ward of a site: its code is unique in the site."""

    site: str
    code: str
    name: str
    specialty: str


@dataclass(frozen=True)
class Site:
    """An invented site with its wards; `size` is a letter of SIZES."""

    code: str
    organisation: str
    name: str
    size: str
    kind: str
    zone: str
    postcode: str
    wards: tuple[Ward, ...]

    @property
    def domain(self) -> str:
        """The reserved e-mail domain of its trust."""
        return email_domain(self.organisation)


def email_domain(organisation: str) -> str:
    """An address space that can never belong to anybody: example.org is reserved."""
    return f"{organisation.removeprefix('T-').lower()}.example.org"


def build_sites(seed: int) -> dict[str, Site]:
    """Every site by code: 40 hospitals and four small places outside hospital, numbered within their trust."""
    sites = {}
    for short, listed in SITES.items():
        for number, (size, name) in enumerate(listed, start=1):
            code = f"{short}-{number}"
            _, kind, zone = SIZES[size]
            rng = stream(seed, "site", code)
            # No postcode area begins with the letter Q.
            postcode = (
                f"Q{short[0]}{rng.randrange(1, 30)} {rng.randrange(1, 10)}{rng.choice('ABDE')}{rng.choice('HJLN')}"
            )
            names = sorted(rng.sample(WARD_NAMES, len(SPECIALTIES[size])))
            wards = tuple(
                Ward(code, f"W{index}", f"{ward_name} ward" if kind == "hospital" else f"{ward_name} team", specialty)
                for index, (ward_name, specialty) in enumerate(zip(names, SPECIALTIES[size], strict=True), start=1)
            )
            sites[code] = Site(code, f"T-{short}", name, size, kind, zone, postcode, wards)
    return sites


def add_places(pack: Pack, sites: dict[str, Site], wanted: list[str]) -> None:
    """Write the sites named, all their wards, their trusts and the organisations that sign agreements."""
    trusts = {sites[code].organisation for code in wanted}
    for short, name, region in TRUSTS:
        if f"T-{short}" in trusts:
            pack.add("organisations", code=f"T-{short}", name=name, kind="trust", region=region)
    for code, name, kind, region in SIGNING_PARTNERS:
        pack.add("organisations", code=code, name=name, kind=kind, region=region)
    for code in wanted:
        site = sites[code]
        pack.add(
            "sites",
            code=code,
            organisation=site.organisation,
            name=site.name,
            kind=site.kind,
            postcode=site.postcode,
            time_zone=site.zone,
        )
        for ward in site.wards:
            pack.add("wards", site=code, code=ward.code, name=ward.name, specialty=ward.specialty)
