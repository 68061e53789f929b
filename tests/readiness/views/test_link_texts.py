"""Links of a list stand alone: read out without their row, no two that say the same lead to two places."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from readiness.models import Hazard
from rollout.choices import DeclaredStatus, Role
from tests import factories as make
from tests.clock import FrozenClock

THEN = make.DAY - timedelta(days=7)
PAGES = (
    "/board/",
    "/programmes/",
    "/programmes/?view=calendar",
    "/p/EPR/",
    "/p/EPR/board/",
    f"/p/EPR/board/?as_of={make.DAY}",
    "/p/EPR/sites/",
    "/p/EPR/sites/?view=heatmap",
    f"/p/EPR/sites/?since={THEN}",
    "/p/EPR/hazards/",
    "/p/EPR/s/ALDER/",
    f"/p/EPR/s/ALDER/why/?since={THEN}",
    "/search/?q=acute",
)


class _Links(HTMLParser):
    """The links of the main part by their words, but for those of a nav; an address without its fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.href = ""
        self.text: list[str] = []
        self.found: defaultdict[str, set[str]] = defaultdict(set)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("main", "nav"):
            self.inside.append(tag)
        if tag == "a" and self.inside == ["main"]:
            self.href, self.text = str(dict(attrs).get("href")).split("#")[0], []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("main", "nav"):
            self.inside.pop()
        if tag == "a" and self.href:
            self.found[" ".join("".join(self.text).split())].add(self.href)
            self.href = ""

    def handle_data(self, data: str) -> None:
        if self.href:
            self.text.append(data)


@pytest.fixture
def manager(db: None, frozen_clock: FrozenClock, client: Client) -> Client:
    """Somebody of two programmes, with sites that are alike in all but their names."""
    frozen_clock.move_to(datetime(2026, 3, 15, 9, 0, tzinfo=UTC))
    programmes = [make.make_programme(code="EPR", name="One record"), make.make_programme(code="VIDEO", name="Video")]
    places = [make.make_site(name=name, code=name.upper()) for name in ("Alder", "Birch")]
    for place in places:
        make.make_ward(site=place, name="Acute ward")
    user = make.make_member(Role.PROGRAMME_MANAGER, programme=programmes[0])
    make.make_member(Role.PROGRAMME_MANAGER, user=user, programme=programmes[1])
    for programme in programmes:
        wave = make.make_wave(programme=programme, number=1)
        for place in places:
            site = make.make_deployment(
                programme=programme, site=place, wave=wave, declared_status=DeclaredStatus.GREEN, declared_on=make.DAY
            )
            Hazard.objects.create(
                programme=programme,
                deployment=site,
                code=f"HZ-{place.code}",
                text="An acute alert is overlooked.",
                likelihood=2,
                severity=3,
                raised_on=THEN,
            )
            make.make_score(site, day=THEN, share=70)
            make.make_score(site, share=30)
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", PAGES)
def test_link_says_by_itself_where_it_leads(address: str, manager: Client):
    reading = _Links()

    reading.feed(manager.get(address).text)

    assert {text: sorted(places) for text, places in reading.found.items() if len(places) > 1} == {}
    assert len(reading.found) > 3
