"""Tags that put the components of templates/components/ on a page: formatting only, never a query.

    {% component "card" heading=site.name level=3 %} … {% endcomponent %}

renders templates/components/card.html with the given names and what stands between the tags as `slot`. A component
sees nothing else of the page, but for the request (links that keep the query string need it).
A part that goes elsewhere in the component is named: {% slot "actions" %} … {% endslot %} arrives as `actions`.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms import BaseForm, BooleanField, ModelChoiceField
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rollout.templatetags.formats import day

register = template.Library()

# Band code → colour of its tag and name of its shape. The word is the band's own label.
BANDS = {
    "ready": ("green", "tick"),
    "on_track": ("blue", "arrow"),
    "at_risk": ("yellow", "warning"),
    "off_track": ("red", "cross"),
    "paused": ("grey", "bars"),
    "unscheduled": ("grey", "dashed"),
    "unknown": ("white", "dash"),
    "n/a": ("white", ""),
}
SLOTS = "component_slots"


class SlotNode(template.Node):
    """A named part of a component's content."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        """Keep the name and what stands between the tags."""
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        """Hand the rendered part to the component around it; nothing appears here."""
        context[SLOTS][self.name] = self.nodelist.render(context)
        return ""


class ComponentNode(template.Node):
    """One component with its arguments and content."""

    def __init__(self, name: FilterExpression, arguments: dict[str, FilterExpression], nodelist: NodeList) -> None:
        """Keep the expressions; they are worked out for each rendering."""
        self.name = name
        self.arguments = arguments
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Render the content first, then the component's own template around it."""
        named: dict[str, str] = {}
        with context.push(**{SLOTS: named}):
            content = self.nodelist.render(context)
        given = {name: value.resolve(context) for name, value in self.arguments.items()}
        inner = context.new({**named, "slot": content.strip() and content, **given})
        inner["request"] = context.get("request")
        engine = Engine.get_default()
        return engine.get_template(f"components/{self.name.resolve(context)}.html").render(inner)


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """Parse {% component "name" key=value … %} … {% endcomponent %}."""
    _, name, *bits = token.split_contents()
    arguments = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"component {name} takes only named arguments, not {bits[0]!r}")
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), arguments, nodelist)


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """Parse {% slot "name" %} … {% endslot %} inside a component."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name.strip("\"'"), nodelist)


@register.simple_tag
def band_tag(code: str) -> SafeString:
    """Show a band or an indicator's state as word, shape and colour. An unknown code is an error, not a grey tag."""
    return _band(code, get_language() or "")


@lru_cache(maxsize=128)
def _band(code: str, language: str) -> SafeString:
    """The tag in a language; lists show it in every row, and there are only eight."""
    colour, shape = BANDS[code]
    band = Engine.get_default().get_template("components/band.html")
    return band.render(Context({"code": code, "colour": colour, "shape": shape}))


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, label: str = "", target: str = "") -> dict[str, Any]:
    """Show numbered links to the pages of a list, keeping the rest of the address; nothing when all fits on one."""
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"request": context["request"], "page": page, "numbers": numbers, "label": label, "target": target}


@register.filter
def undo_of(message: Message) -> str:
    """Return the id of the request that a message offers to undo, "" for one that offers nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix("undo-") if tags.startswith("undo-") else ""


@register.simple_tag(takes_context=True)
def sort_state(context: Context, key: str, name: str = "sort") -> dict[str, str]:
    """Return how a column stands in the order of the list: `now` for aria-sort and `next` for its link."""
    current = context["request"].GET.get(name, "")
    if current == key:
        return {"now": "ascending", "next": f"-{key}"}
    return {"now": "descending" if current == f"-{key}" else "", "next": key}


@register.inclusion_tag("components/chips.html", takes_context=True)
def filter_chips(context: Context, form: BaseForm, clear: str = "") -> dict[str, Any]:
    """Show each chosen filter of a bound GET form as a link that takes it away (and goes back to page 1).

    `clear` is the address without any filter, the bare one of the list unless given.
    """
    request = context["request"]
    chips = []
    for field in form:
        if field.name not in getattr(form, "cleaned_data", {}):
            continue
        for value in filter(None, request.GET.getlist(field.html_name)):
            words = chosen_words(field, value)
            rest = without(request, field, value)
            href = clear if clear and rest == request.path else rest
            chips.append({"label": field.label, "value": words, "href": href})
    return {"chips": chips, "clear": clear or request.path}


def chosen_words(field: BoundField, value: str) -> str:
    """Return what the person chose in the words of the form, without asking the database again."""
    cleaned = field.form.cleaned_data[field.name]
    if isinstance(field.field, ModelChoiceField):
        several = cleaned if isinstance(cleaned, list | tuple | QuerySet) else [cleaned]
        return next((str(row) for row in several if str(field.field.prepare_value(row)) == value), value)
    if isinstance(field.field, BooleanField):
        return ""
    if isinstance(cleaned, date):
        return day(cleaned)
    return str(dict(getattr(field.field, "choices", ())).get(value, value))


def without(request: HttpRequest, field: BoundField, value: str) -> str:
    """Return the address of this list without one chosen filter value and without the page number."""
    query = request.GET.copy()
    query.pop("page", None)
    query.setlist(field.html_name, [other for other in query.getlist(field.html_name) if other != value])
    rest = query.urlencode()
    return f"{request.path}?{rest}" if rest else request.path
