"""The words that the log's script puts together on the phone; all others stand in the shell's own markup.

`{n}`, `{time}` and the like are filled in there. Of a pair the first is for one, the second for more.
"""

from typing import Any

from django.utils.translation import gettext as _


def log_words() -> dict[str, Any]:
    """The words by name, in the language of the page."""
    return {
        "titles": {
            "shift": _("Log another shift"),
            "attendance": _("Record attendance"),
            "issue": _("Report an issue"),
            "outbox": _("Outbox"),
        },
        "am": _("am"),
        "pm": _("pm"),
        "to": _("{start} to {end}"),
        "upToDate": _("Up to date"),
        "upToDateSent": _("Up to date, sent {time}"),
        "waiting": [_("1 waiting to send"), _("{n} waiting to send")],
        "sending": _("Sending"),
        "attention": [_("1 needs your attention"), _("{n} need your attention")],
        "unclaimed": [_("1 entry belongs to nobody yet"), _("{n} entries belong to nobody yet")],
        "others": [
            _("1 entry of somebody else waits on this phone. It is sent when they log in."),
            _("{n} entries of somebody else wait on this phone. They are sent when they log in."),
        ],
        "old": [
            _("1 entry has waited for more than 7 days. Send it or discard it."),
            _("{n} entries have waited for more than 7 days. Send them or discard them."),
        ],
        "leave": [
            _("1 entry is not sent yet. It stays on this phone until you log in here again. Log out?"),
            _("{n} entries are not sent yet. They stay on this phone until you log in here again. Log out?"),
        ],
        "reopen": _("Open this page again to send."),
        "logIn": _("Log in to send."),
        "saved": _("Saved on this phone – will send when there is signal"),
        "sentAt": _("Sent at {time}"),
        "age": _("The lists are from {day} at {time}."),
        "noLists": _("This phone has no lists yet. Open this page where there is signal."),
        "loggedOut": _("Nobody is logged in."),
        "needsSignal": _("This page needs signal. Try again where there is some."),
        "skew": _("The clock of this phone is {n} minutes off. Check its date and time settings."),
        "notKept": _(
            "This phone could not keep the entry. Nothing was saved. Make room on the phone, then save again."
        ),
        "nowWorked": _("Worked"),
        "nowMissed": _("Missed"),
        "nowUndone": _("Taken back"),
        "marked": _("{name}: {state}"),
        "noShifts": _("No shifts are planned today."),
        "noSessions": _("No sessions today."),
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "onRota": _("{name} – on the rota"),
        "you": _("You"),
        "kinds": {
            "shift": _("Shift"),
            "confirmed": _("Confirmed"),
            "worked": _("Worked"),
            "missed": _("Missed"),
            "undo": _("Taken back"),
            "attendance": _("Attendance"),
            "access": _("Log-in test"),
            "issue": _("Issue"),
        },
        "states": {"waiting": _("Waiting"), "sending": _("Sending"), "attention": _("Needs attention")},
        "attended": _("Attended"),
        "did_not_attend": _("Did not attend"),
        "booked": _("Not known yet"),
        "passed": _("Passed"),
        "writtenAt": _("written {day} at {time}"),
        "lost": _("{kind}, written {day} at {time}, was sent but is no longer known. Write it again."),
        "whoElse": _("You wrote “{who}”. Select the champion."),
        "missing": {
            "ward": _("Select a ward"),
            "on": _("Enter a date"),
            "pattern": _("Select a shift"),
            "champion": _("Select a champion"),
            "helped": _("Enter a whole number from 0 to 999"),
            "words": _("Say what is wrong"),
            "stops_work": _("Select whether it stops work"),
        },
    }
