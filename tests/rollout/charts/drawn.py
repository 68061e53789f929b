"""Reading a chart back: its markup as XML, its coordinates, its words."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from rollout.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"
POINTS = re.compile(r"M(-?[\d.]+ -?[\d.]+(?: -?[\d.]+ -?[\d.]+)*)")


def pictures(chart: Chart) -> list[ElementTree.Element]:
    """Both pictures of a chart, parsed."""
    return [ElementTree.fromstring(markup) for markup in (chart.wide, chart.narrow)]


def words(picture: ElementTree.Element) -> list[str]:
    """The texts in a picture, lines of one text joined."""
    return [" ".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def drawn_paths(picture: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The paths that stand in the picture, without those of its definitions."""
    group = picture.find(f"{SVG}g")
    assert group is not None
    yield from group.iter(f"{SVG}path")


def lines(picture: ElementTree.Element, **attributes: str) -> list[list[tuple[float, float]]]:
    """The stretches of the paths with these attributes."""
    return [
        stretch
        for path in drawn_paths(picture)
        if all(path.get(name.replace("_", "-")) == value for name, value in attributes.items())
        for stretch in stretches(path.get("d", ""))
    ]


def dots(picture: ElementTree.Element, shape: str) -> list[tuple[float, float]]:
    """Where points of a shape stand."""
    return [
        point
        for path in drawn_paths(picture)
        if (path.get("marker-start") or "").endswith(f"-{shape})")
        for stretch in stretches(path.get("d", ""))
        for point in stretch
    ]


def stretches(data: str) -> list[list[tuple[float, float]]]:
    """The corners of each stretch of path data that goes through absolute points."""
    found = []
    for match in POINTS.finditer(data):
        numbers = [float(each) for each in match[1].split()]
        found.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def size(picture: ElementTree.Element) -> tuple[float, float]:
    """Width and height of a picture."""
    _, _, width, height = (float(each) for each in picture.get("viewBox", "").split())
    return width, height
