"""Log-in tests: how far a site and all sites of a programme are, who is left, and recording a drill at once."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from readiness.dashboards import access_sites
from readiness.dashboards.access import Tracker, tracker
from readiness.dashboards.access_people import PersonLine, chosen, in_order, people_named, people_table
from readiness.dashboards.access_tables import chart_of, files
from readiness.dashboards.access_words import differences, of_the_score, sentences
from readiness.dashboards.infrastructure import wards_in_scope
from readiness.dashboards.judged import model_in_use
from readiness.dashboards.training_tables import HIDDEN
from readiness.forms.access import DrillForm, PeopleFilters, WardForm
from readiness.indicators.access_parts import tested_people
from readiness.tasks import rescore_after_commit
from readiness.views.frame import deployment_frame, programme_frame
from readiness.views.standings import Listing, standing_list
from rollout.downloads import download_answer
from rollout.htmx import render_page, wants_part
from rollout.models import Deployment, Programme, Ward
from rollout.permissions import read_deployment, read_programme, see_counts_of_few, see_names_at, wards_with_names
from rollout.requests import UserRequest
from rollout.services.deployments import today_at
from rollout.services.once import done_once
from rollout.views.access import find_deployment, find_programme, permitted
from rollout.views.questions import Question, ask
from training.permissions import keep_rota_at, wards_kept
from training.services.access_checks import NewerTest, newest_test, record_access_checks

PER_PAGE = 50
DEVICES_SHOWN = 20
FAILED = {"label": _("Failed"), "numeric": True}
PASSED = {"label": _("Passed"), "numeric": True}
REASON_COLUMNS = ({"label": _("Why not")}, {"label": _("People"), "numeric": True})
DEVICE_COLUMNS = ({"label": _("Device")}, FAILED, PASSED, {"label": _("Why not")})
PASSED_COLUMN, PACE_COLUMN = {"label": _("Passed"), "numeric": True}, {"label": _("Needed a day"), "numeric": True}

LISTING = Listing(
    name="access",
    heading=_("Log-in tests"),
    caption=_("Sites with their log-in tests"),
    site_url="readiness:access",
    rows="readiness/access_rows.html",
    columns=(
        {"label": _("Site"), "sort": "site"},
        {"label": _("Log-in tests")},
        {**PASSED_COLUMN, "sort": "share"},
        {"label": _("Left"), "sort": "left", "numeric": True},
        {**PACE_COLUMN, "sort": "pace"},
        {"label": _("Days to go"), "sort": "days", "numeric": True},
        {"label": _("Wave"), "sort": "wave"},
        {"label": _("Stage")},
    ),
    orders=(
        ("-pace", _("Most to do a day first")),
        ("days", _("Next to go live first")),
        ("share", _("Fewest passed first")),
        ("site", _("By name")),
    ),
    only=_("Only sites with people left"),
    nothing=_("The sites of the programme stand here once they are imported, each with its log-in tests."),
    lines=access_sites.access_lines,
    ordered=access_sites.ordered,
    keeps=lambda line: bool(line.left),
    sentences=access_sites.sentences,
    table=access_sites.table_of,
)


@require_safe
@permitted(read_programme, find_programme)
def programme_access(request: UserRequest, programme: Programme) -> Any:
    """All sites of a programme by their log-in tests, those with the most to do a day first."""
    return standing_list(request, programme, LISTING)


@require_safe
@permitted(read_deployment, find_deployment)
def access(request: UserRequest, deployment: Deployment) -> Any:
    """A site's log-in tests on a day: who passed on their own ward, by ward; why and where the others did not."""
    context = deployment_frame(request, deployment, "access")
    head, day = context["head"], context["as_of"]
    if head is None:
        return download_answer(request, {}) or render_page(request, "readiness/access.html", context)
    few = see_counts_of_few(request.user, deployment)
    # The parts of one day less those of another would tell of few, whatever each of the days keeps back.
    shown = tracker(deployment, head.score, day=day or today_at(deployment), few=few, split=day is None)
    today, word = None if day else shown.day, deployment.programme.ward_word or gettext("ward")
    if answer := download_answer(request, files(shown, word, today=today)):
        return answer
    everywhere, own = see_names_at(request.user, deployment), wards_with_names(request.user, deployment)
    context |= {
        "shown": shown,
        "sentences": sentences(shown, word),
        "differences": differences(shown, word),
        "of_the_score": of_the_score(shown),
        "chart": chart_of(shown, today=today),
        "ward_columns": ward_columns(word, shown),
        "reason_columns": REASON_COLUMNS,
        "device_columns": DEVICE_COLUMNS,
        "devices": shown.devices[:DEVICES_SHOWN],
        "more_devices": len(shown.devices) - DEVICES_SHOWN,
        "hidden_words": HIDDEN,
        "word": word,
        "names": everywhere or bool(own),
        "named_wards": {line.ward_id for line in shown.wards if everywhere or line.ward_id in own},
        "people_href": address_of("access-people", deployment),
        "kept": f"&as_of={day.isoformat()}" if day else "",
    }
    return render_page(request, "readiness/access.html", context)


def ward_columns(word: str, shown: Tracker) -> list[dict[str, Any]]:
    """The columns of the table of wards."""
    over = shown.days_to_go == 0
    own = gettext("Own %(word)s before go-live") if over else gettext("Own %(word)s")
    columns: list[dict[str, Any]] = [
        {"label": word.capitalize()},
        {"label": own % {"word": word}, "numeric": True},
        {"label": gettext("Passed elsewhere"), "numeric": True},
        FAILED,
        {"label": gettext("Not tested"), "numeric": True},
    ]
    return [*columns, *([{"label": gettext("Devices to log in on"), "numeric": True}] if shown.counted_devices else [])]


def address_of(name: str, deployment: Deployment, **query: Any) -> str:
    """A page of the site's log-in tests."""
    path = reverse(f"readiness:{name}", kwargs={"programme": deployment.programme.code, "site": deployment.site.code})
    return f"{path}?{urlencode(query)}" if query else path


@require_safe
@permitted(keep_rota_at, find_deployment)
def access_people(request: UserRequest, deployment: Deployment) -> Any:
    """Who is left, by name: filtered, in order, 50 a page; for htmx the list alone; or a file."""
    context = deployment_frame(request, deployment, "access")
    word = deployment.programme.ward_word or gettext("ward")
    model = model_in_use(deployment.programme_id)
    day = context["as_of"] or today_at(deployment)
    people = tested_people(model, deployment.pk, day=day) if model and context["head"] else []
    lines = people_named(request.user, deployment, people)
    form = PeopleFilters(request.GET, lines=lines, word=word)
    found = in_order(chosen(lines, form.choice), request.GET.get("sort", ""))
    if answer := download_answer(request, {"people": lambda: people_table(found, word)}):
        return answer
    asked = context["as_of"]
    context |= {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page", "")),
        "form": form,
        "columns": people_columns(word, changes=not asked),
        "sort": request.GET.get("sort", ""),
        "kept": [("as_of", asked.isoformat())] if asked else [],
        "clear_href": f"{request.path}?as_of={asked.isoformat()}" if asked else request.path,
        "word": word,
        "part": wants_part(request),
        "everybody": len(lines),
    }
    return render_page(request, "readiness/access_people.html", context, partial="people")


def people_columns(word: str, *, changes: bool) -> list[dict[str, Any]]:
    """The columns of the list; the last leads to a new test."""
    columns: list[dict[str, Any]] = [
        {"label": gettext("Name"), "sort": "name"},
        {"label": word.capitalize(), "sort": "ward"},
        {"label": gettext("Staff group"), "sort": "group"},
        {"label": gettext("Latest test"), "sort": "test"},
        {"label": gettext("When and on what"), "sort": "when"},
    ]
    return [*columns, *([{"label": gettext("Test"), "hidden": True}] if changes else [])]


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(keep_rota_at, find_deployment)
def access_drill(request: UserRequest, deployment: Deployment) -> HttpResponse:
    """Record at once who logged in on a ward at a drill; `?ward=` says which ward."""
    wards = WardForm(
        request.GET if "ward" in request.GET else None,
        wards=wards_kept(request.user, deployment, wards_in_scope(deployment)),
    )
    context = programme_frame(request, deployment.programme, "") | {"deployment": deployment}
    if not wards.is_bound or not wards.is_valid():
        wrong = wards.is_bound or request.method == "POST"
        status = 422 if wrong else 200
        return render_page(request, "readiness/access_ward.html", {**context, "form": wards}, status=status)
    return ask_who(request, deployment, wards.wards[wards.cleaned_data["ward"]], context)


def ask_who(request: UserRequest, deployment: Deployment, ward: Ward, context: dict[str, Any]) -> HttpResponse:
    """Ask who logged in on a ward, and record it."""
    lines = lines_of_ward(request, deployment, ward)
    seen = newest_test([line.tested.staff_id for line in lines], deployment.programme_id)
    question = Question(
        title=_("Record a drill"),
        caption=f"{ward.name}, {deployment.site.name}",
        lead=_("Select everybody who logged in on a device of this place. Each is recorded as a test that passed."),
        button=_("Save the tests"),
        back=address_of("access", deployment),
        back_label=_("Log-in tests"),
        told=_("The tests are saved."),
    )

    def act(form: DrillForm) -> str:
        said = form.cleaned_data

        def do() -> str:
            wanted = {"staff_ids": said["people"], "device": said["device"], "on": said["tested_on"]}
            try:
                record_access_checks(deployment=deployment, ward=ward, seen=said["seen"], by=request.user, **wanted)
            except NewerTest:
                form.look_again()
                raise
            rescore_after_commit()
            return question.back

        body = {name: value for name, value in form.said.items() if name != "seen"} | {"at": request.get_full_path()}
        return done_once(user=request.user, key=said["once"], body=body, do=do)

    make = partial(DrillForm, lines=lines, seen=seen, today=today_at(deployment))
    more = {"lines": lines, "ward": ward}
    return ask(request, question, make=make, act=act, context=context | more, template="readiness/access_drill.html")


def lines_of_ward(request: UserRequest, deployment: Deployment, ward: Ward) -> list[PersonLine]:
    """The people who count on a ward today, by name."""
    model = model_in_use(deployment.programme_id)
    people = tested_people(model, deployment.pk, day=today_at(deployment)) if model else []
    return people_named(request.user, deployment, [each for each in people if each.ward_id == ward.pk])
