"""Making a programme in the browser, setting it up, deciding its state and what does not apply to it."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from readiness.models import ChecklistTemplate, Gate, RescoreMark, TemplateItem
from readiness.services.programmes import create_programme
from readiness.standard_template import standard_items
from rollout.choices import Role
from rollout.models import AuditEntry, Decision, Measure, Membership, Programme, SeatRole, Wave
from rollout.services.refusals import CodeTaken
from tests import factories as make
from tests.clock import FrozenClock
from tests.pages import words

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
SETTINGS = "/p/EPR/settings/"
SAID = {"name": "One record", "code": "EPR", "state": "planning", "ward_word": "ward", "goal": "Nine in ten notes"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(frozen_clock: FrozenClock) -> Programme:
    frozen_clock.move_to(NOW)
    return make.make_programme(code="EPR", name="One record", goal="Nine in ten notes", state="rolling_out")


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make.make_member(Role.ADMINISTRATOR))
    return client


@pytest.fixture
def manager(programme: Programme, client: Client) -> Client:
    client.force_login(make.make_member(Role.PROGRAMME_MANAGER, programme=programme))
    return client


def as_shown(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page holds before anybody types."""
    form = client.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, "")}


# A new programme -----------------------------------------------------------------------------------------------------


def test_empty_installation_offers_to_add_a_programme(administrator: Client):
    text = administrator.get("/programmes/").text

    assert "There is no programme yet. Add one here" in words(text)
    assert '<a class="nhsuk-button" href="/programmes/new/">Add a programme</a>' in text


def test_new_programme_starts_whole_and_belongs_to_who_made_it(administrator: Client):
    answer = administrator.post("/programmes/new/", SAID, follow=True)

    programme = Programme.objects.get(code="EPR")
    template = ChecklistTemplate.objects.get(programme=programme)
    assert answer.redirect_chain == [(SETTINGS, 302)]
    assert "The programme is added. Go through this list from the top." in words(answer.text)
    assert (programme.name, programme.state, programme.goal) == ("One record", "planning", "Nine in ten notes")
    assert (template.version, template.published_at is not None) == (1, True)
    assert TemplateItem.objects.filter(template=template).count() == len(standard_items())
    gates = Gate.objects.filter(programme=programme)
    assert dict(gates.values_list("code", "due_days")) == {
        "T-120": 120, "T-90": 90, "T-60": 60, "T-30": 30, "TECHNICAL": 16, "GO-LIVE": 3, "DAY-30": -30, "DAY-90": -90,
        "DAY-300": -300,
    }  # fmt: skip
    assert set(gates.get(code="GO-LIVE").seats.values_list("code", flat=True)) == {
        "sro", "clinical_lead", "operational_lead", "clinical_safety_officer", "ccio", "cnio", "ig_lead",
    }  # fmt: skip
    membership = Membership.objects.get(role=Role.PROGRAMME_MANAGER)
    assert (membership.programme, str(membership.user.pk)) == (programme, administrator.session["_auth_user_id"])
    entry = AuditEntry.objects.get(table="rollout_membership", row_id=membership.pk)
    assert (entry.user, entry.reason) == (membership.user, "programme made")


def test_new_programme_sent_twice_is_made_once(administrator: Client):
    form = {**SAID, "once": str(administrator.get("/programmes/new/").context["form"]["once"].value())}

    answers = [administrator.post("/programmes/new/", form) for _ in range(2)]
    other = administrator.post("/programmes/new/", {**form, "code": "EPR-2"})

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, SETTINGS)] * 2
    assert (Programme.objects.count(), other.status_code) == (1, 422)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": " "}, "Enter a name"),
        ({"code": ""}, "Enter a code"),
        ({"code": "E P R"}, "Use letters, digits, full stops, hyphens and underscores, without spaces"),
        ({"code": "VIDEO"}, "There is a programme with the code VIDEO already. Choose another code."),
        ({"state": "stopped"}, "Select the state the programme is in"),
        ({"target_date": "31/02/2026"}, "Enter a date like 2026-03-14"),
        ({"ward_word": ""}, "Enter the word that your sites use"),
        ({"problem": "As 943 476 5919 said"}, "This looks like an NHS number."),
    ],
)
def test_wrong_new_programme_keeps_what_was_typed(administrator: Client, said: dict[str, str], error: str):
    make.make_programme(code="VIDEO")

    answer = administrator.post("/programmes/new/", {**SAID, **said})

    assert answer.status_code == 422
    assert error in words(answer.text)
    assert "<title>Error: Add a programme" in answer.text
    assert "Nine in ten notes" in answer.text
    assert Programme.objects.count() == 1


def test_code_taken_a_moment_ago_leaves_nothing_behind():
    make.make_programme(code="EPR")
    with pytest.raises(CodeTaken):
        create_programme(code="EPR", name="Another", by=make.make_user())

    assert (Programme.objects.count(), Membership.objects.count(), Gate.objects.count()) == (1, 0, 0)


def test_seats_that_are_known_already_are_named_again():
    sro = SeatRole.objects.create(code="sro", name="Senior owner")
    for code in ("EPR", "VIDEO"):
        create_programme(code=code, name=code, by=make.make_user())

    assert SeatRole.objects.get(code="sro") == sro
    assert set(sro.gates.values_list("programme__code", flat=True)) == {"EPR", "VIDEO"}


# The list of what there is to set up ---------------------------------------------------------------------------------


def states(client: Client) -> dict[str, str]:
    """The parts of the set-up by their words, with how far each is."""
    return {part.label: part.state.words for part in client.get(SETTINGS).context["parts"]}


def test_set_up_of_a_bare_programme_names_what_is_missing(manager: Client):
    assert states(manager) == {
        "Goal and problem": "In progress",
        "Headline measure": "Not started",
        "Seats": "Not started",
        "Sites": "Not started",
        "Waves": "Not started",
        "Checklist template": "Not started",
        "Gates": "Not started",
        "Resource plan": "Optional",
        "Courses": "Not started",
        "Training and champions": "Completed",
        "What does not apply": "Optional",
        "Priority review": "Not started",
    }


def test_set_up_follows_the_records(manager: Client, programme: Programme):
    Programme.objects.update(problem="Paper")
    make.make_measure(programme=programme, headline=True, target=90, target_date=date(2027, 1, 1))
    create_programme(code="OTHER", name="Other", by=make.make_user())
    Gate.objects.update(programme=programme)
    make.make_deployment(programme=programme, wave=make.make_wave(programme=programme))
    make.make_deployment(programme=programme)

    found = states(manager)

    assert [found[name] for name in ("Goal and problem", "Headline measure", "Sites", "Gates")] == ["Completed"] * 4
    assert (found["Waves"], found["Seats"]) == ("In progress", "Not started")
    assert "1 wave, 1 site without a wave" in words(manager.get(SETTINGS).text)


def test_set_up_asks_the_same_of_one_site_and_of_three(
    manager: Client, programme: Programme, django_assert_max_num_queries
):
    manager.get(SETTINGS)
    counted = []
    for _ in range(2):
        make.make_measure(programme=programme)
        make.make_deployments(2, programme=programme)
        make.make_wave(programme=programme)
        with django_assert_max_num_queries(25) as asked:
            manager.get(SETTINGS)
        counted.append(len(asked))

    assert counted[0] == counted[1]
    assert (Measure.objects.count(), Wave.objects.count()) == (2, 2)


def test_settings_are_a_tab_of_those_who_manage(manager: Client, programme: Programme):
    reader = Client()
    reader.force_login(make.make_member(Role.SITE_LEAD, site=make.make_deployment(programme=programme).site))

    assert f'href="{SETTINGS}"' in manager.get("/p/EPR/").text
    assert f'href="{SETTINGS}"' not in reader.get("/p/EPR/").text


# Describing ----------------------------------------------------------------------------------------------------------


def test_description_is_saved_and_told_where_it_stands(manager: Client):
    form = {
        **as_shown(manager, f"{SETTINGS}programme/"),
        "problem": "Nine systems",
        "processes": "Admission\n\nHandover ",
    }

    answer = manager.post(f"{SETTINGS}programme/", form, follow=True)
    again = manager.post(f"{SETTINGS}programme/", form)

    programme = Programme.objects.get()
    assert (answer.redirect_chain, again.status_code) == ([(SETTINGS, 302)], 302)
    assert (programme.problem, programme.processes) == ("Nine systems", ["Admission", "Handover"])
    entry = AuditEntry.objects.filter(table="rollout_programme", action="update").get()
    assert (entry.reason, (entry.after or {})["problem"]) == ("programme described", "Nine systems")


def test_later_of_two_descriptions_sees_both(manager: Client):
    form = {**as_shown(manager, f"{SETTINGS}programme/"), "goal": "Mine", "processes": "Handover"}
    Programme.objects.update(goal="Theirs", processes=["Admission"])

    answer = manager.post(f"{SETTINGS}programme/", form)

    assert answer.status_code == 409
    assert "Goal Saved meanwhile: Theirs Yours: Mine" in words(answer.text)
    assert "Affected processes Saved meanwhile: Admission Yours: Handover" in words(answer.text)
    assert Programme.objects.get().goal == "Theirs"
    mark = re.search(r'name="mark" value="([0-9a-f]{16})"', answer.text)
    assert mark is not None
    assert manager.post(f"{SETTINGS}programme/", {**form, "mark": mark[1]}).status_code == 302
    assert Programme.objects.get().goal == "Mine"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"name": ""}, "Enter a name"),
        ({"processes": "Admission; discharge"}, "Leave semicolons out: write each entry on a line of its own"),
        ({"processes": "x" * 201}, "Write at most 200 letters a line"),
        ({"refresher_days": "-1"}, "Enter a number of days from 0 to 1000"),
        ({"champion_hours_limit": "many"}, "Enter a number of hours from 0 to 168, such as 7.5"),
        ({"mark": "none"}, "Open this page again: the form is not complete"),
    ],
)
def test_wrong_description_is_refused_in_words(manager: Client, said: dict[str, str], error: str):
    answer = manager.post(f"{SETTINGS}programme/", {**as_shown(manager, f"{SETTINGS}programme/"), **said})

    assert answer.status_code == 422
    assert error in words(answer.text)


# State ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "to", "kind"),
    [
        ("rolling_out", "paused", "pause"),
        ("rolling_out", "stopped", "stop"),
        ("piloting", "rolling_out", "scale"),
        ("paused", "rolling_out", "standard"),
        ("embedding", "closed", "standard"),
    ],
)
def test_state_changes_by_a_decision(manager: Client, programme: Programme, before: str, to: str, kind: str):
    Programme.objects.update(state=before)
    make.make_deployment(programme=programme)
    RescoreMark.objects.all().delete()
    form = {**as_shown(manager, f"{SETTINGS}state/"), "state": to, "reason": "The board said so"}

    answers = [manager.post(f"{SETTINGS}state/", form, follow=True) for _ in range(2)]

    decision = Decision.objects.get()
    assert [answer.redirect_chain for answer in answers] == [[("/p/EPR/", 302)]] * 2
    assert Programme.objects.get().state == to
    assert (decision.kind, decision.reason, decision.from_on) == (kind, "The board said so", NOW.date())
    assert RescoreMark.objects.exists()


def test_state_without_a_reason_or_from_an_old_page_stays(manager: Client):
    form = {**as_shown(manager, f"{SETTINGS}state/"), "state": "paused", "reason": "Money"}
    silent = manager.post(f"{SETTINGS}state/", {**form, "reason": " "})
    Programme.objects.update(state="stopped")
    late = manager.post(f"{SETTINGS}state/", form)

    assert (silent.status_code, late.status_code) == (422, 409)
    assert "Say why: the decision is kept with its reason" in words(silent.text)
    assert "State from today Saved meanwhile: Stopped Yours: Paused" in words(late.text)
    assert (Programme.objects.get().state, Decision.objects.count()) == ("stopped", 0)


# What does not apply -------------------------------------------------------------------------------------------------


def test_indicator_is_left_out_and_taken_in_again_by_decisions(manager: Client):
    address = f"{SETTINGS}left-out/"
    out = {**as_shown(manager, address), "not_applicable": ["checklist.continuity"], "reason": "By telephone"}
    answers = [manager.post(address, out) for _ in range(2)]
    back = {**as_shown(manager, address), "not_applicable": [], "reason": "No more"}
    answers.append(manager.post(address, back))

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert list(Decision.objects.order_by("pk").values_list("kind", "text", "reason")) == [
        ("not_applicable", "Does not apply: Checklist: continuity (checklist.continuity).", "By telephone"),
        ("not_applicable", "Applies again: Checklist: continuity (checklist.continuity).", "No more"),
    ]
    assert Programme.objects.get().not_applicable == []


def test_not_everything_can_be_left_out(manager: Client):
    address = f"{SETTINGS}left-out/"
    codes = [code for code, _words in manager.get(address).context["form"].fields["not_applicable"].choices]

    all_of_it = manager.post(address, {**as_shown(manager, address), "not_applicable": codes, "reason": "Easy"})
    unknown = manager.post(address, {**as_shown(manager, address), "not_applicable": ["weather"], "reason": "Rain"})

    assert (all_of_it.status_code, unknown.status_code) == (422, 422)
    assert "Leave at least one indicator in: without any there is no score" in words(all_of_it.text)
    assert Programme.objects.get().not_applicable == []
