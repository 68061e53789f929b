"""The standard checklist template."""

import re
from collections import Counter
from pathlib import Path

from django.conf import settings

from readiness.checks import CHECKS
from readiness.standard_template import standard_items

DOMAINS = {
    "leadership",
    "goals",
    "engagement",
    "training",
    "champions",
    "governance",
    "technical",
    "continuity",
    "partnerships",
    "resourcing",
    "pilots",
}


def test_standard_items_cover_every_domain():
    items = standard_items()
    counts = Counter(item.domain for item in items)

    assert len({item.code for item in items}) == len(items) >= 70
    assert counts.keys() == DOMAINS
    assert min(counts.values()) >= 4


def test_standard_items_are_complete_and_in_range():
    for item in standard_items():
        assert item.text, item.code
        assert item.help, item.code
        assert item.weight in range(1, 6), item.code
        assert item.due_days > 0, item.code
        assert item.golive in ("technical", "user"), item.code
        assert item.valid_days is None or item.valid_days >= 30, item.code
        assert len(item.text) <= 300, item.code


def test_blocking_items_are_few_and_in_the_domains_that_hurt():
    blocking = [item for item in standard_items() if item.blocking]

    assert 10 <= len(blocking) <= 25
    assert {item.domain for item in blocking} >= {"governance", "technical", "continuity"}


def test_seat_checks_name_their_seat():
    checked = {item.check: item.seat for item in standard_items()}

    assert all(item.seat for item in standard_items() if item.check == "seat_filled")
    assert {"seat_filled", "chairs_named", "funding_past_go_live", "curve_planned"} <= checked.keys()


def test_every_practice_is_asked_for_or_kept_by_the_product():
    text = (Path(settings.BASE_DIR) / "docs" / "standard-template.md").read_text()
    rows = dict(re.findall(r"^\| ([A-E]\d+[a-z]?) \| (.+) \|$", text, re.MULTILINE))
    named = {code for words in rows.values() if not words.startswith("none: ") for code in words.split(", ")}

    assert Counter(practice[0] for practice in rows) == {"A": 17, "B": 13, "C": 18, "D": 11, "E": 11}
    assert named <= {item.code for item in standard_items()}


def test_system_checks_are_known_and_ward_infrastructure_is_counted_early():
    items = {item.code: item for item in standard_items()}

    assert {item.check for item in items.values() if item.check} <= CHECKS.keys()
    assert {items[code].check for code in ("TECH-WIFI", "TECH-DEVICES")} == {"wifi_counted", "devices_counted"}
    assert all(items[code].due_days >= 30 for code in ("TECH-WIFI", "TECH-DEVICES"))
