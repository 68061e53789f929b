"""The staff of a site, what is held about a person, and when names go, in a browser: without findings."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from rollout.choices import Role
from rollout.models import Programme, User
from tests import factories as make
from tests.browser.conftest import Watch, log_in, looked_at
from training.models import Absence, Course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_staff_have_no_findings(page: Page, person: User, watch: Watch) -> None:
    here = make.make_deployment()
    ward = make.make_ward(site=here.site)
    staff = make.make_staff(ward, name="Ana Diaz")
    absence = Absence.objects.create(staff=staff, from_on=timezone.localdate(), kind="leave")
    course = Course.objects.create(programme=here.programme, code="C1", name="The record")
    staff.attendances.create(course=course, on=make.DAY, state="attended", passed=True)
    Programme.objects.filter(pk=here.programme.pk).update(state="closed")
    Programme.objects.filter(pk=here.programme.pk).update(closed_on=timezone.localdate() - timedelta(days=3))
    make.make_member(Role.PROGRAMME_MANAGER, user=person, programme=here.programme)
    start, one = f"/p/{here.programme.code}/s/{here.site.code}/staff/", f"{staff.pk}/"
    days = (f"{one}postings/{staff.postings.get().pk}/", f"{one}absences/new/", f"{one}absences/{absence.pk}/")
    of_site = [
        f"{start}{part}"
        for part in (
            "",
            "?q=nobody",
            one,
            f"{one}held/",
            f"{one}log-in/",
            f"{one}log-in/new/",
            f"{one}log-in/unlink/",
            *days,
        )
    ]
    retention = f"/p/{here.programme.code}/settings/retention/"
    log_in(page)

    shown = {}
    for turn, address in enumerate((*of_site, retention, f"{retention}now/", "/account/held/")):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        shown |= {(address, width): found for width, found in looked_at(page, turn).items()}

    assert {key: found for key, found in shown.items() if found != ([], 0)} == {}
