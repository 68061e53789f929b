"""Pages that ask one question: its form, what came of it, and the two ways in which it may not be done."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from rollout.forms.conflicts import differences
from rollout.htmx import render_page
from rollout.requests import UserRequest
from rollout.services.edits import RecordChanged
from rollout.services.refusals import Refused


@dataclass(frozen=True)
class Question:
    """What stands around the form. `back` is the page to go back to, named `back_label`; `caption` is above the title.

    `told` is what the page says after success; where the words hang on what was done, what can be called for them.
    """

    title: Any
    button: Any
    back: str
    back_label: Any
    told: Any
    caption: Any = ""
    lead: Any = ""


def ask(
    request: UserRequest,
    question: Question,
    *,
    make: Callable[[Any], Any],
    act: Callable[[Any], str],
    context: Mapping[str, Any] | None = None,
    template: str = "rollout/question.html",
) -> HttpResponse:
    """Show the form that `make(None)` gives, or do what was sent: `act(form)` returns the address to go on to.

    What is wrong, refused (422) or overtaken by somebody else (409) leaves the form with what was typed.
    """
    around = {**(context or {}), "question": question, "too_late": False, "differences": None}
    if request.method != "POST":
        return render_page(request, template, {**around, "form": make(None)})
    form = make(request.POST)
    status = 422
    if form.is_valid():
        try:
            with getattr(form, "reason_noted", nullcontext)():
                address = act(form)
        except RecordChanged as changed:
            around |= {"too_late": True, "differences": differences(form, form.standing(changed.row))}
            form, status = again(request, make, form, changed.row), 409
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, str(question.told() if callable(question.told) else question.told))
            return redirect(address)
    return render_page(request, template, {**around, "form": form}, status=status)


def again(request: UserRequest, make: Callable[[Any], Any], form: Any, row: Any) -> Any:
    """The form with what was typed, over the record as it stands now."""
    sent = request.POST.copy()
    sent[form.add_prefix("mark")] = form.mark_now(row)
    mine = make(sent)
    mine.is_valid()
    return mine
