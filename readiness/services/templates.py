"""Versions of a programme's checklist template: a draft is worked on, published once, and never changes after."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from readiness.item_contents import Content, contents_of, difference, ordered, standard_contents
from readiness.models import ChecklistTemplate, TemplateItem
from readiness.services.checklists import add_checklists
from rollout.audit import acting
from rollout.models import Programme, User
from rollout.services.edits import RecordChanged, mark_of
from rollout.services.people import person_of
from rollout.services.refusals import CodeTaken, Refused
from rollout.services.retiring import put_back, take_out
from rollout.services.vocabulary import seat_roles

# The columns of an item that a form shows and that two may change.
MARKED = (
    "code",
    "domain",
    "text",
    "help",
    "weight",
    "blocking",
    "due_days",
    "valid_days",
    "evidence_needed",
    "seat_role_id",
    "golive",
    "check_code",
)


def published_template(programme: Programme) -> ChecklistTemplate | None:
    """The version in force: the newest that is published."""
    return programme.checklist_templates.filter(retired_at=None).exclude(published_at=None).order_by("-version").first()


def draft_template(*, programme: Programme, by: User) -> ChecklistTemplate:
    """The programme's draft: the one there is, else a copy of the version in force under the next number.

    The number of a draft that was thrown away is not given again: its history goes by it.
    """
    with acting(by, "template drafted"):
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        versions = ChecklistTemplate.objects.filter(programme=programme)
        draft = versions.filter(published_at=None, retired_at=None).first()
        if draft is not None:
            return draft
        last = versions.aggregate(last=Max("version"))["last"] or 0
        draft = ChecklistTemplate.objects.create(programme=programme, version=last + 1)
        source = published_template(programme)
        names = [name for name in MARKED if name != "seat_role_id"]
        TemplateItem.objects.bulk_create(
            TemplateItem(
                template=draft, seat_role_id=item.seat_role_id, **{name: getattr(item, name) for name in names}
            )
            for item in TemplateItem.objects.filter(template=source)
            if source
        )
        return draft


def add_template_item(*, template_id: int, by: User, **values: Any) -> TemplateItem:
    """Add an item to a draft. Raises CodeTaken, and Refused for a template that is published."""
    with _draft(template_id, by, "template item added") as draft:
        try:
            with transaction.atomic():
                return TemplateItem.objects.create(template=draft, **values)
        except IntegrityError as error:
            if "readiness_templateitem_code" not in str(error):
                raise
            raise CodeTaken(gettext("There is an item with this code already. Choose another code.")) from None


def edit_template_item(*, item_id: int, mark: str, by: User, **values: Any) -> TemplateItem:
    """Change an item of a draft; its code stays. Raises RecordChanged, and Refused once it is published."""
    with _item(item_id, by, "template item changed") as item:
        differing = [name for name, value in values.items() if getattr(item, name) != value]
        if differing:
            _check(item, mark)
            for name in differing:
                setattr(item, name, values[name])
            item.save(update_fields=differing)
        return item


def remove_template_item(*, item_id: int, mark: str, by: User) -> ChecklistTemplate:
    """Take an item out of a draft: published versions and sites keep theirs. Raises RecordChanged and Refused."""
    with _item(item_id, by, "template item removed") as item:
        _check(item, mark)
        draft = item.template
        item.delete()
        return draft


def take_over(*, template_id: int, codes: Collection[str], by: User) -> int:
    """Take these items over from the standard template: new ones, and those that say something else; how many.

    Raises Refused for a template that is published.
    """
    with _draft(template_id, by, "standard items taken over") as draft:
        change = difference(contents_of(draft.pk), standard_contents())
        wanted = [item for item in (*change.added, *(each.after for each in change.changed)) if item.code in codes]
        roles = seat_roles(item.seat for item in wanted if item.seat)
        known = dict(TemplateItem.objects.filter(template=draft).values_list("code", "pk"))
        rows = [row_of(draft, item, roles) for item in wanted]
        for row in rows:
            row.pk = known.get(row.code)
        TemplateItem.objects.bulk_create([row for row in rows if row.pk is None])
        TemplateItem.objects.bulk_update([row for row in rows if row.pk], [*_columns(), "seat_role"])
        return len(rows)


def draft_mark(template_id: int) -> str:
    """A mark of all that a draft says, for the page that publishes it to bring back: 16 hexadecimal digits."""
    written = "\x1e".join(repr(asdict(item)) for item in ordered(contents_of(template_id)))
    return blake2b(written.encode(), digest_size=8).hexdigest()


def publish_template(*, template_id: int, mark: str, by: User) -> ChecklistTemplate:
    """Publish a draft: it never changes after. Sites without a checklist get one of it; the others adopt it.

    One that is published already is left as it is. Raises RecordChanged where it is not what the page showed, and
    Refused for a draft without items or without a difference.
    """
    with acting(by, "template published"):
        draft = ChecklistTemplate.objects.select_for_update(no_key=True).select_related("programme").get(pk=template_id)
        if draft.published_at is not None:
            return draft
        if draft.retired_at is not None:
            raise Refused(gettext("This draft was thrown away. Take it up again, or make a new version."))
        if draft_mark(draft.pk) != mark:
            raise RecordChanged(draft)
        items, before = contents_of(draft.pk), published_template(draft.programme)
        if not items:
            raise Refused(gettext("Add an item first: an empty checklist says nothing."))
        if before and not difference(contents_of(before.pk), items).count:
            raise Refused(gettext("Nothing differs from the version in force. Change the draft first."))
        draft.published_at, draft.published_by = timezone.now(), person_of(by)
        draft.save(update_fields=["published_at", "published_by"])
        add_checklists(programme_id=draft.programme_id)
        return draft


def throw_away(*, template_id: int, mark: str, reason: str, by: User) -> ChecklistTemplate:
    """Throw a draft away: it stays in the history under its number. Thrown away twice is thrown away once.

    Raises RecordChanged where it is not what the page showed, and Refused for a version that is published.
    """
    with acting(by, "template draft thrown away"):
        draft = ChecklistTemplate.objects.select_for_update(no_key=True).get(pk=template_id)
        if draft.published_at is not None:
            raise Refused(gettext("This version is published and never changes. Make a new version."))
        if draft.retired_at is None and draft_mark(draft.pk) != mark:
            raise RecordChanged(draft)
        take_out(draft, by=by, reason=reason)
        return draft


def take_up_draft(*, template_id: int, by: User) -> ChecklistTemplate:
    """Take a draft up again that was thrown away. Raises Refused where another is being worked on."""
    with acting(by, "template draft taken up again"):
        programme = ChecklistTemplate.objects.values_list("programme", flat=True).get(pk=template_id)
        Programme.objects.select_for_update(no_key=True).get(pk=programme)
        draft = ChecklistTemplate.objects.select_for_update(no_key=True).get(pk=template_id)
        if draft.published_at is not None:
            raise Refused(gettext("This version is published and never changes. Make a new version."))
        drafts = ChecklistTemplate.objects.filter(programme=programme, published_at=None, retired_at=None)
        if drafts.exclude(pk=template_id).exists():
            raise Refused(gettext("There is another draft. Publish it or throw it away first."))
        put_back(draft)
        return draft


def _columns() -> list[str]:
    return [name for name in MARKED if name not in ("code", "seat_role_id")]


def row_of(draft: ChecklistTemplate, item: Content, roles: Mapping[str, int]) -> TemplateItem:
    """A new row of a draft that says what the item does; `roles` are ids of seat roles by code. Not saved."""
    values = {name: getattr(item, name) for name in _columns()}
    return TemplateItem(template=draft, code=item.code, seat_role_id=roles.get(item.seat), **values)


def _check(item: TemplateItem, mark: str) -> None:
    if mark_of(item, MARKED) != mark:
        raise RecordChanged(item)


@contextmanager
def _draft(template_id: int, by: User, reason: str) -> Iterator[ChecklistTemplate]:
    """A draft, held until the transaction ends, so that nobody publishes it meanwhile. Raises Refused for any other."""
    with acting(by, reason):
        draft = ChecklistTemplate.objects.select_for_update(no_key=True).get(pk=template_id)
        if draft.published_at is not None:
            raise Refused(gettext("This version is published and never changes. Make a new version."))
        if draft.retired_at is not None:
            raise Refused(gettext("This draft was thrown away. Take it up again, or make a new version."))
        yield draft


@contextmanager
def _item(item_id: int, by: User, reason: str) -> Iterator[TemplateItem]:
    """An item of a draft, held with it. Raises Refused where it was removed meanwhile, or published."""
    known = TemplateItem.objects.filter(pk=item_id).values_list("template", flat=True).first()
    if known is None:
        raise Refused(gettext("Somebody removed this item meanwhile."))
    with _draft(known, by, reason) as draft:
        item = (
            TemplateItem.objects.select_for_update(of=("self",), no_key=True)
            .select_related("seat_role")
            .get(pk=item_id)
        )
        item.template = draft
        yield item
