"""The small pictures of a control chart: shapes of its points, and what its variation and its target say. Ours."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from rollout.charts.parts import BLUE, INK, ORANGE, PAPER, PURPLE, QUIET, Key
from rollout.charts.svg import element, shape
from rollout.xmr import Assurance, Meaning, Signal
from rollout.xmr import meaning as meaning_of

# What a point means → its shape and colour.
MARKS: dict[Meaning, tuple[str, str]] = {
    "common": ("circle", QUIET),
    "improvement": ("triangle", BLUE),
    "concern": ("diamond", ORANGE),
    "neutral": ("square", PURPLE),
    "expected": ("circle", QUIET),
}
WAVE = "M4 14l5-4 5 7 5-6 5 4"


def point_key(meaning: Meaning) -> Key:
    """Return the shape of a kind of point with its words."""
    names = {
        "common": gettext("Varies as usual (common cause)"),
        "improvement": gettext("Improvement (special cause)"),
        "concern": gettext("Concern (special cause)"),
        "neutral": gettext("Change, neither better nor worse (special cause)"),
        "expected": gettext("Within the expected dip"),
    }
    kind, colour = MARKS[meaning]
    dot = element("path", d=shape(kind, 8, 8, 5), fill=colour, stroke=INK)
    return Key(picture(16, 16, dot), names[meaning])


def variation_key(signal: Signal, meaning: Meaning) -> Key:
    """Return the icon of what the latest point says, with its words."""
    words = {
        ("common", ""): gettext("Common cause: varies as usual"),
        ("improvement", "high"): gettext("Improving: higher than usual"),
        ("improvement", "low"): gettext("Improving: lower than usual"),
        ("concern", "high"): gettext("Concerning: higher than usual"),
        ("concern", "low"): gettext("Concerning: lower than usual"),
        ("expected", "high"): gettext("Higher than usual, within the expected dip"),
        ("expected", "low"): gettext("Lower than usual, within the expected dip"),
        ("neutral", "high"): gettext("Changed: higher than usual, neither better nor worse"),
        ("neutral", "low"): gettext("Changed: lower than usual, neither better nor worse"),
    }
    kind, colour = MARKS[meaning]
    x, y = (31.0, 15.0) if not signal.rule else (31.0, 7.0) if signal.side == "high" else (31.0, 22.0)
    parts = [
        element("path", d="M3 7.5h34M3 21.5h34", stroke=QUIET, stroke_dasharray="3 2"),
        element("path", d=f"{WAVE}L{x:g} {y:g}", stroke=INK, stroke_width=1.5),
        element("path", d=shape(kind, x, y, 4), fill=colour, stroke=INK),
    ]
    return Key(picture(40, 29, *parts), words[meaning, signal.side])


def assurance_key(assurance: Assurance) -> Key:
    """Return the icon of whether the target is met, with its words: the wave, and the target as a dotted line."""
    words = {
        "always_meets": gettext("Always meets the target"),
        "hit_and_miss": gettext("Hit and miss: meets the target some of the time"),
        "always_misses": gettext("Always misses the target"),
    }
    sign = {
        "always_meets": "M29 10l3 4 6-8",
        "hit_and_miss": "M28 13q3-6 5-2t5-2",
        "always_misses": "M29 6l8 8m0-8l-8 8",
    }
    target = {"always_meets": 24, "hit_and_miss": 14, "always_misses": 4}[assurance]
    parts = [
        element("path", d=WAVE, stroke=QUIET, stroke_width=1.5),
        element("path", d=f"M3 {target}h22", stroke=INK, stroke_width=2, stroke_dasharray="2 3"),
        element("path", d=sign[assurance], stroke=INK, stroke_width=2),
    ]
    return Key(picture(40, 29, *parts), words[assurance])


def all_keys(better: str, *, target: bool) -> tuple[Key, ...]:
    """Return every icon that a measure may come to show, with its words."""
    signals = (Signal(), Signal("outside", "high"), Signal("outside", "low"))
    variations = [variation_key(signal, meaning_of(signal, better, excused=False)) for signal in signals]
    outcomes: tuple[Assurance, ...] = ("always_meets", "hit_and_miss", "always_misses")
    return (*variations, *(assurance_key(each) for each in outcomes if target and better))


def picture(width: int, height: int, *parts: str) -> SafeString:
    """Return a small picture that its words beside it explain: hidden from screen readers."""
    frame = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=3, fill=PAPER, stroke=QUIET)
    drawn = element("g", *parts, fill="none")
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    return element("svg", frame if width > height else "", drawn, **size, aria_hidden="true", focusable="false")
