"""The standard checklist template."""

from collections import Counter

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
