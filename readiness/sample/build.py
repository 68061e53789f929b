"""Puts the sample programmes together and writes their packs."""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from readiness.sample.access import add_access_checks
from readiness.sample.adoption import add_adoption
from readiness.sample.champions import add_champions
from readiness.sample.checklist import add_checklists, add_template, add_waivers
from readiness.sample.engagement import add_engagement
from readiness.sample.epr import EPR
from readiness.sample.gates import add_gates
from readiness.sample.governance import add_agreements, add_hazards
from readiness.sample.partners import add_partners
from readiness.sample.people import add_people, build_staff
from readiness.sample.pilots import add_pilots
from readiness.sample.places import add_places, build_sites
from readiness.sample.plan import ProgrammePlan, Scene
from readiness.sample.programme import add_decisions, add_programme
from readiness.sample.support import add_support_issues
from readiness.sample.tables import Pack
from readiness.sample.team import add_seats
from readiness.sample.training import add_courses, add_training
from readiness.sample.video import VIDEO

SEED = 2026
PROGRAMMES = (EPR, VIDEO)


def build_packs(today: date, seed: int = SEED) -> dict[str, Pack]:
    """The packs of the sample programmes by programme code. The same day and seed give the same rows."""
    sites = build_sites(seed)
    empty = {plan.site for programme in PROGRAMMES for plan in programme.sites if plan.is_empty}
    members = build_staff(seed, today, sites, without=empty)
    busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    packs = {}
    for programme in PROGRAMMES:
        codes = set(programme.site_codes)
        here = [member for member in members if any(posting.site in codes for posting in member.postings)]
        scene = Scene(today, seed, programme, sites, here, busy)
        fill(scene, programme)
        packs[programme.code] = scene.pack
    return packs


def fill(scene: Scene, programme: ProgrammePlan) -> None:
    """Write every file of one programme's pack."""
    add_places(scene.pack, scene.sites, sorted(programme.site_codes))
    add_people(scene.pack, scene.members, set(programme.site_codes))
    add_programme(scene)
    add_seats(scene)
    add_decisions(scene)
    add_courses(scene)
    add_training(scene)
    add_champions(scene)
    add_access_checks(scene)
    add_template(scene)
    add_checklists(scene)
    add_waivers(scene)
    add_hazards(scene)
    add_agreements(scene)
    add_gates(scene)
    add_pilots(scene)
    add_adoption(scene)
    add_engagement(scene)
    add_partners(scene)
    add_support_issues(scene)


def build_sample(folder: Path, today: date, seed: int = SEED) -> list[Path]:
    """Write one folder per sample programme into `folder` and return them, the first programme first.

    Everything is dated around `today`; the last records are of the day before. The same arguments give the same bytes.
    """
    return [pack.write(folder / code) for code, pack in build_packs(today, seed).items()]
