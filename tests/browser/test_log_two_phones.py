"""Two phones without signal, one champion: overlapping shifts are written on both, and one of them counts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Watch
from tests.browser.test_log_offline import (
    LINE,
    PHONE,
    Place,
    log_in,
    logged,
    open_log,
    phone,
    place,
    somebody,
    write_shift,
)
from training.models import ChampionShift

__all__ = ["phone", "place"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_of_two_phones_with_one_champion_the_first_to_arrive_counts(
    phone: BrowserContext, place: Place, open_context: Callable[..., BrowserContext], watch: Watch
):
    watch.expected.add("net::ERR_INTERNET_DISCONNECTED")
    somebody("bo@example.org", place.ward)
    other = open_context(**PHONE)
    pages = {phone: open_log(phone), other: log_in(other, "bo@example.org")}
    for context, page in pages.items():
        context.set_offline(True)
        write_shift(page, "Early", "Ben Ash")
        write_shift(page, "Late", "Cy Birch" if context is phone else "Ben Ash")

    for context, said in ((phone, "Up to date, sent"), (other, "1 needs your attention")):
        context.set_offline(False)
        pages[context].goto("/log/outbox/")
        expect(pages[context].locator(LINE)).to_contain_text(said)

    assert logged() == [("Ben Ash", "07"), ("Cy Birch", "15"), ("Ben Ash", "15")]
    assert ChampionShift.objects.count() == 3
    expect(pages[other].get_by_role("link", name="Edit")).to_have_count(1)
    expect(pages[other].get_by_text("Ben Ash")).to_have_count(1)
