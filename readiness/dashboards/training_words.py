"""How a site's training stands, in sentences, and what is missing for a figure to be there at all."""

from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext, ngettext

from readiness.dashboards.curve import FOUR_WEEKS
from readiness.dashboards.few import some_few
from readiness.dashboards.trajectory import Trajectory
from readiness.indicators.training_parts import Count
from rollout.models import Deployment
from rollout.templatetags.formats import count, day, day_short, percent

WHOLE_PERCENT = Fraction(1, 100)


def sentences(training: Trajectory, *, today: bool) -> list[str]:
    """What stands first: how far the site is, what was planned, what it needs. `today`: the present is shown."""
    if training.hidden:
        return [
            gettext("Some counts here are of fewer than 5 people. So that nobody can be recognised, none is shown.")
        ]
    if not training.whole.required:
        return [gettext("There is nothing to count yet.")]
    found = [completed(training.whole), planned(training, today=today)]
    if training.embedded or training.paused:
        return [sentence for sentence in found if sentence]
    return [sentence for sentence in [*found, needed(training)] if sentence]


def completed(whole: Count) -> str:
    """How many of how many; people where each needs one course, else courses of people."""
    words = {
        "part": count(whole.completed),
        "whole": count(whole.required),
        "percent": percent(Fraction(whole.completed, whole.required)),
    }
    if whole.required == whole.people:
        return gettext("%(part)s of %(whole)s trained (%(percent)s).") % words
    return gettext("%(part)s of %(whole)s required courses completed (%(percent)s).") % words


def planned(training: Trajectory, *, today: bool) -> str:
    """What was planned for the day, "" without a plan."""
    if training.curve is None:
        return ""
    if training.planned is None:
        return gettext("The plan begins on %(day)s.") % {"day": day(training.curve.begins_on)}
    if today:
        return gettext("Planned by today: %(percent)s.") % {"percent": percent(training.planned)}
    return gettext("Planned by %(day)s: %(percent)s.") % {
        "day": day(training.day),
        "percent": percent(training.planned),
    }


def needed(training: Trajectory) -> str:
    """The pace it takes to reach the target in time, beside the pace there is; "" without a day to reach it by."""
    if training.by is None:
        return ""
    by, goal, pace = training.by, percent(training.target), training.needed
    if pace == 0:
        return gettext("The target of %(goal)s is reached.") % {"goal": goal}
    if pace is None:
        missing = -(-training.whole.required * training.target // 1) - training.whole.completed
        return gettext("The target of %(goal)s was due by %(day)s: %(missing)s more are needed.") % {
            "goal": goal,
            "day": day(by),
            "missing": count(missing),
        }
    so_far = pace_words(training)
    if not so_far:
        return gettext("Needed: %(pace)s a week until %(day)s.") % {"pace": count(pace), "day": day(by)}
    return gettext("Needed: %(pace)s a week until %(day)s; %(so_far)s.") % {
        "pace": count(pace),
        "day": day(by),
        "so_far": so_far,
    }


def pace_words(training: Trajectory) -> str:
    """The pace of the last four weeks, or of as many days as are known; "" where that is less than a week."""
    if training.pace is None:
        return ""
    a_week = round(training.pace.a_week)
    number = count(a_week) if a_week >= 0 else gettext("%(number)s fewer") % {"number": count(-a_week)}
    if training.pace.since == training.day - FOUR_WEEKS:
        return gettext("the last 4 weeks: %(number)s a week") % {"number": number}
    return gettext("since %(day)s: %(number)s a week") % {"day": day_short(training.pace.since), "number": number}


def points_behind(training: Trajectory) -> str:
    """How far behind the plan, as the two percentages shown differ; "" where it is not behind."""
    if not training.behind or training.planned is None or training.share is None:
        return ""
    return points_between(training.share, training.planned)


def whole_points(share: Fraction, aim: Fraction) -> int:
    """By how many whole percentage points two shares differ as they are shown, rounded down."""
    return int(aim // WHOLE_PERCENT) - int(share // WHOLE_PERCENT)


def points_between(share: Fraction, aim: Fraction) -> str:
    """How far a share is behind what it should be, as the two percentages shown differ."""
    points = whole_points(share, aim)
    if points < 1:
        return gettext("less than 1 percentage point")
    return ngettext("%(n)s percentage point", "%(n)s percentage points", points) % {"n": count(points)}


def warnings(training: Trajectory) -> list[str]:
    """Being behind, said aloud: today, and four weeks before go-live where that day is past."""
    found = []
    to_go, points = training.days_to_go, points_behind(training)
    if points and to_go is not None and to_go >= 0:
        words = ngettext(
            "Go-live is %(days)s day away, and training is %(points)s behind its plan.",
            "Go-live is %(days)s days away, and training is %(points)s behind its plan.",
            to_go,
        )
        found.append(words % {"days": count(to_go), "points": points})
    then = training.four_weeks_before
    if training.behind_then and then and then.share is not None and training.curve:
        aim = training.curve.share_on(then.day) or Fraction(0)
        found.append(
            gettext("Four weeks before go-live it was %(points)s behind: %(share)s, and %(aim)s was planned.")
            % {"points": points_between(then.share, aim), "share": percent(then.share), "aim": percent(aim)}
        )
    if words := unreached(training):
        found.append(words)
    return found


def unreached(training: Trajectory) -> str:
    """What the curve that the site drew does not reach by the day of the target; "" where it does, or is over."""
    if training.curve is None or not training.curve.own or training.by is None or training.by < training.day:
        return ""
    share = training.curve.share_on(training.by) or Fraction(0)
    if training.paused or share >= training.target:
        return ""
    return gettext("The planned curve reaches %(share)s by %(day)s; the target is %(target)s.") % {
        "share": percent(share),
        "day": day(training.by),
        "target": percent(training.target),
    }


def missing(training: Trajectory, deployment: Deployment) -> list[str]:
    """What is not there, and what it would be for."""
    there, found = training.turnover, []
    word = deployment.programme.ward_word or gettext("ward")
    if training.embedded:
        found.append(
            gettext("An embedded site's readiness is not worked out any more. What was stored is drawn below.")
        )
    elif not there.wards:
        found.append(gettext("No %(ward)s is in scope: without one nobody counts as staff here.") % {"ward": word})
    elif not there.staff:
        found.append(gettext("Nobody is posted here yet: postings say who must be trained."))
    elif not there.courses:
        found.append(gettext("The programme has no course yet: courses say what staff must learn."))
    elif not training.whole.required and not training.hidden:
        found.append(gettext("No course is required of the staff groups that work here."))
    if training.go_live is None:
        found.append(gettext("No go-live is planned: without a date there is no day by which people must be trained."))
    elif training.curve is None:
        found.append(
            gettext(
                "There is no training plan, and no session to draw a line from: nothing says what is expected today."
            )
        )
    if training.paused:
        found.append(
            gettext("%(stage)s: training is shown as it stands and is held against no plan.")
            % {"stage": deployment.get_stage_display()}
        )
    return found


def comings_and_goings(training: Trajectory) -> list[str]:
    """Who joined, left and moved in the week before, and what that did to the share.

    Without counts of few where those are not for the reader.
    """
    there = training.turnover
    changes = (there.starters, there.leavers, there.movers, there.moved_in, there.moved_out)
    rest = (there.starters - there.moved_in, there.leavers - there.moved_out)
    if not training.few and some_few((*changes, *rest)):
        return [gettext("Not shown: fewer than 5 people.")]
    if not any(changes):
        return [gettext("Nobody joined or left since %(day)s.") % {"day": day(there.before)}]
    found = []
    if rest[0]:
        found.append(ngettext("%(n)s person joined.", "%(n)s people joined.", rest[0]) % {"n": count(rest[0])})
    if there.moved_in:
        words = ngettext(
            "%(n)s person moved here from elsewhere.", "%(n)s people moved here from elsewhere.", there.moved_in
        )
        found.append(words % {"n": count(there.moved_in)})
    if there.required and training.few:
        words = gettext("They have completed %(part)s of the %(whole)s courses they need.")
        found.append(words % {"part": count(there.completed), "whole": count(there.required)})
    if rest[1]:
        found.append(ngettext("%(n)s person left.", "%(n)s people left.", rest[1]) % {"n": count(rest[1])})
    if there.moved_out:
        words = ngettext("%(n)s person moved to elsewhere.", "%(n)s people moved to elsewhere.", there.moved_out)
        found.append(words % {"n": count(there.moved_out)})
    if there.movers:
        found.append(
            ngettext("%(n)s person moved within the site.", "%(n)s people moved within the site.", there.movers)
            % {"n": count(there.movers)}
        )
    return found + (moved_share(training) if training.few else [])


def moved_share(training: Trajectory) -> list[str]:
    """What the share would be without those who came, and with those who went."""
    there, whole, found = training.turnover, training.whole, []
    if training.share is None:
        return []
    now = percent(training.share)
    without = (whole.completed - there.completed, whole.required - there.required)
    if there.required and without[1] > 0:
        would = percent(Fraction(*without))
        words = gettext("Without those who came, %(now)s would be %(would)s.")
        same = gettext("Without those who came it would be %(now)s as well.")
        found.append((words if would != now else same) % {"now": now, "would": would})
    if there.gone_required:
        kept = Fraction(whole.completed + there.gone_completed, whole.required + there.gone_required)
        words = gettext("With those who went, it would be %(would)s.")
        found.append(words % {"would": percent(kept)})
    return found


def last_day_of(week: date) -> date:
    """The Sunday of a week that begins on a Monday."""
    return week + timedelta(days=6)
