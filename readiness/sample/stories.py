"""What there is to find in the sample programmes, and where. The builders ask for a story by its key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """A thing worth looking at: `programme` and `site` say where (no site: the whole programme).

    `band` is what today's score of the site comes to, where the story promises one; `cap` the cap that holds.
    """

    key: str
    programme: str
    site: str
    text: str
    band: str = ""
    cap: str = ""


STORIES = (
    Story(
        "behind_in_training", "EPR", "ELL-3", "Four weeks from go-live and far behind its training curve.", "at_risk"
    ),
    Story("pilot_without_decision", "EPR", "CAL-2", "A pilot here ended weeks ago, and nobody has decided."),
    Story(
        "watermelon",
        "EPR",
        "CAL-1",
        "Declared green, computed off track: a blocking item is overdue.",
        "off_track",
        "blocker_overdue",
    ),
    Story(
        "uncovered_nights",
        "EPR",
        "PEL-1",
        "Two wards have no champion on any night of the go-live fortnight.",
        "on_track",
    ),
    Story(
        "deferred",
        "EPR",
        "BRK-3",
        "Deferred two weeks before go-live; the old dates and the reason are kept.",
        "paused",
    ),
    Story(
        "unacceptable_hazard",
        "EPR",
        "INC-1",
        "An open hazard rated 20 holds the score down.",
        "off_track",
        "hazard_unacceptable",
    ),
    Story(
        "hazard_closed",
        "EPR",
        "MER-3",
        "Held at 49 for two weeks by a hazard; the timeline shows the fall, and the rise when it was closed.",
    ),
    Story(
        "colliding_change", "EPR", "WYC-1", "The emergency department moves house in the week of go-live.", "on_track"
    ),
    Story("two_programmes", "EPR", "WIN-2", "Video visits go live here three days before the record does.", "on_track"),
    Story("ready", "EPR", "INC-2", "Ready: 90 or more, and nothing holds it down.", "ready"),
    Story("dip_in_use", "EPR", "CAL-2", "Live and ready on paper, yet notes go back to it: use fell by a third."),
    Story(
        "agreement_unsigned",
        "EPR",
        "DUN-2",
        "A sharing agreement lacks a signature inside the last 30 days.",
        "at_risk",
        "agreement_unsigned",
    ),
    Story(
        "waiver_lapsed",
        "EPR",
        "HAR-3",
        "A waiver ran out four days ago, and the item it covered is overdue.",
        "off_track",
        "blocker_overdue",
    ),
    Story(
        "waiver_in_force", "EPR", "WYC-3", "The same item is overdue here under a waiver that still holds.", "on_track"
    ),
    Story(
        "blocked",
        "EPR",
        "FEN-3",
        "A blocking item cannot go on: the score is held at 69.",
        "at_risk",
        "blocker_blocked",
    ),
    Story(
        "nothing_recorded",
        "EPR",
        "WIN-3",
        "Nothing recorded yet, not even a hazard log.",
        "off_track",
        "hazard_log_missing",
    ),
    Story("no_date", "EPR", "ELL-2", "Asked to start; no go-live date yet.", "unscheduled"),
    Story("in_go_live_fortnight", "EPR", "WIN-1", "In its first week live: shifts to log, issues coming in."),
    Story("uneven_after_go_live", "EPR", "FEN-2", "Live, with log-ins still failing a month later."),
    Story("slow_start", "EPR", "ELL-1", "Two months out and two weeks late with nearly everything.", "at_risk"),
    Story("another_time_zone", "EPR", "WIN-4", "A hospital in another time zone: its day begins an hour earlier."),
    Story("not_applicable", "VIDEO", "", "By a decision, downtime procedures do not apply to video visits."),
    Story("stopped", "VIDEO", "WYC-4", "Stopped by a decision: the team moved to another provider.", "paused"),
    Story("funding_gap", "EPR", "", "Support is paid for until the last go-live and again three months later."),
)

FIRST_LOOKS = (
    "watermelon",
    "behind_in_training",
    "ready",
    "uncovered_nights",
    "dip_in_use",
    "two_programmes",
    "deferred",
)


def describe_sample() -> list[Story]:
    """What to look at first, in that order."""
    by_key = {story.key: story for story in STORIES}
    return [by_key[key] for key in FIRST_LOOKS]
