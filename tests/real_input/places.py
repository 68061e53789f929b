"""Trusts and sites of England, read from an estates return and mended by the register of organisations."""

import csv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from .wording import tidy_name, tidy_postcode

# The register's codes, in the order in which the waves go.
REGIONS = {
    "Y56": "London",
    "Y58": "South West",
    "Y59": "South East",
    "Y60": "Midlands",
    "Y61": "East of England",
    "Y62": "North West",
    "Y63": "North East and Yorkshire",
}
_KINDS = {
    "Non inpatient": "clinic",
    "Community hospital (with inpatient beds)": "community",
    "General acute hospital": "hospital",
    "Mixed service hospital": "hospital",
    "Specialist hospital (acute only)": "hospital",
    "Mental Health (including Specialist services)": "hospital",
    "Mental Health and Learning Disabilities": "hospital",
    "Learning Disabilities": "hospital",
    "Other inpatient": "other",
    "Other Reportable Site": "other",
    "Support Facility": "other",
    "Unoccupied": "other",
}
# Stores, offices and remainders of an estate: nothing goes live there, so no date is planned.
_UNSCHEDULED = frozenset({"Support Facility", "Other Reportable Site"})
_AREA = "Gross internal floor area (m²)"
_BEDROOMS = (
    "Single bedrooms for patients with en-suite facilities (No.)",
    "Single bedrooms for patients without en-suite facilities (No.)",
)


@dataclass(frozen=True)
class Trust:
    """One organisation; region is a value of REGIONS."""

    code: str
    name: str
    region: str


@dataclass(frozen=True)
class Site:
    """One place; area in square metres; closed, empty and unscheduled say why nothing goes live there."""

    code: str
    trust: str
    name: str
    kind: str
    postcode: str
    region: str
    area: int
    bedrooms: int
    closed: bool
    empty: bool
    unscheduled: bool


def read_places(folder: Path, mended: Counter[str]) -> tuple[list[Trust], list[Site]]:
    """All trusts and sites by code, each mend counted. An unheard-of region or kind of site is a KeyError."""
    rows = _read_return(folder / "eric_sites.csv")
    register = _read_register(folder / "trusts_etr.csv")
    listed = _read_register(folder / "sites_ets_sample.csv")
    trusts = {row["Trust Code"]: row for row in rows}
    found = {code: _trust(row, register.get(code), mended) for code, row in sorted(trusts.items())}
    sites = [_site(row, listed, found[row["Trust Code"]], mended) for row in rows]
    sites = _tell_apart(sorted(sites, key=lambda site: site.code), found, mended)
    return list(found.values()), sites


def _read_return(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_register(path: Path) -> dict[str, list[str]]:
    """Rows of a file without a header, by the code in their first column."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row for row in csv.reader(file)}


def _trust(row: dict[str, str], entry: list[str] | None, mended: Counter[str]) -> Trust:
    region = row["Commissioning Region"].removesuffix(" COMMISSIONING REGION")
    code = next(code for code, name in REGIONS.items() if name.upper() == region)
    if entry is None:
        mended["trust merged since and struck off the register: kept under its own code"] += 1
    else:
        if entry[11]:
            mended["trust closed since, still in the register: kept"] += 1
        if entry[2] and entry[2] != code:
            mended["trust moved to another region: the register's taken"] += 1
            code = entry[2]
    return Trust(row["Trust Code"], _name(row["Trust Name"], "trust", mended), REGIONS[code])


def _name(text: str, what: str, mended: Counter[str]) -> str:
    if text != " ".join(text.split()):
        mended[f"{what} name with stray blanks: taken out"] += 1
    name = tidy_name(text)
    if name != " ".join(text.split()):
        mended[f"{what} name in capitals: set in sentence form"] += 1
    return name


def _site(row: dict[str, str], listed: dict[str, list[str]], trust: Trust, mended: Counter[str]) -> Site:
    code = row["Site Code"].strip()
    if code != row["Site Code"]:
        mended["site code with stray blanks: taken out"] += 1
    entry = listed.get(code)
    if entry is None:
        mended["site not in the register: the return alone taken"] += 1
    elif entry[14] != trust.code:
        mended["site under another trust in the register: the return's kept"] += 1
    closed = bool(entry and entry[11])
    if closed:
        mended["site closed since: its deployment is stopped"] += 1
    return Site(
        code=code,
        trust=trust.code,
        name=_name(row["Site Name"], "site", mended),
        kind=_KINDS[row["Site Type"]],
        postcode=_postcode(row["Post Code"], entry, mended),
        region=trust.region,
        area=_whole(row[_AREA], "floor area", mended),
        bedrooms=sum(_whole(row[column], "bedrooms", mended) for column in _BEDROOMS),
        closed=closed,
        empty=row["Site Type"] == "Unoccupied",
        unscheduled=row["Site Type"] in _UNSCHEDULED,
    )


def _postcode(text: str, entry: list[str] | None, mended: Counter[str]) -> str:
    postcode = tidy_postcode(text)
    if postcode is not None:
        if postcode != text:
            mended["postcode with blanks too many or too few: set right"] += 1
        return postcode
    fault = "mistyped" if text.strip() else "missing"
    fill = tidy_postcode(entry[9]) if entry else None
    if fill is None:
        mended[f"postcode {fault} and not in the register: left empty"] += 1
        return ""
    mended[f"postcode {fault}: the register's taken"] += 1
    return fill


def _whole(text: str, what: str, mended: Counter[str]) -> int:
    if text == "Not Applicable":
        mended[f"{what} 'Not Applicable': read as none"] += 1
        return 0
    if "," in text:
        mended[f"{what} with thousands commas: taken out"] += 1
    return int(text.replace(",", ""))


def _tell_apart(sites: list[Site], trusts: dict[str, Trust], mended: Counter[str]) -> list[Site]:
    """Add the trust to a name that several sites bear: within one trust none repeats."""
    bearers = Counter(site.name.casefold() for site in sites)
    told = []
    for site in sites:
        if bearers[site.name.casefold()] > 1:
            mended["site name borne by several: the trust added"] += 1
            site = replace(site, name=f"{site.name} ({trusts[site.trust].name})")
        told.append(site)
    return told
