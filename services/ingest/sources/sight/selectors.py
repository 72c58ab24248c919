"""One step of a CSS selector: an element's tag, id, classes and attributes, and whether an element fits it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.ingest.sources.sight.declarations import unescape

_NAME: Final = r"(?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}\s?|\\.)+"
_PARTS = re.compile(rf"\*|([#.]?){_NAME}|\[\s*({_NAME})\s*(?:([~^$*|]?)=\s*[\"']?([^\"'\]]*)[\"']?\s*i?\s*)?\]")


class Element(NamedTuple):
    """What selectors ask of an element. `marks`: its tag, `#id` and `.class`es."""

    marks: frozenset[str]
    attributes: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Compound:
    marks: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...] = ()
    """Name, operator and value; the operator "" asks only that the attribute is there."""

    def fits(self, element: Element) -> bool:
        return self.marks <= element.marks and all(has_attribute(element.attributes, *each) for each in self.attributes)


def read_compound(text: str) -> Compound | None:
    marks, attributes, end = set[str](), list[tuple[str, str, str]](), 0
    for part in _PARTS.finditer(text.replace(":root", "html")):
        if part.start() != end:
            return None
        end = part.end()
        if part[2]:
            is_equal = "=" in part[0]
            attributes.append(
                (unescape(part[2]).lower(), f"{part[3] or ''}=" if is_equal else "", (part[4] or "").strip())
            )
        elif part[0] != "*":
            name = unescape(part[0])
            marks.add(name if part[1] else name.lower())
    return Compound(frozenset(marks), tuple(attributes)) if end == len(text.replace(":root", "html")) and end else None


def weight_of(compounds: list[Compound]) -> tuple[int, int, int]:
    marks = [mark for compound in compounds for mark in compound.marks]
    ids, classes = (sum(mark[0] == sign for mark in marks) for sign in "#.")
    return ids, classes + sum(len(compound.attributes) for compound in compounds), len(marks) - ids - classes


def has_attribute(attributes: dict[str, str | None], name: str, operator: str, value: str) -> bool:
    if name not in attributes:
        return False
    given = attributes[name] or ""
    match operator:
        case "":
            return True
        case "=":
            return given == value
        case "~=":
            return value in given.split()
        case "^=":
            return bool(value) and given.startswith(value)
        case "$=":
            return bool(value) and given.endswith(value)
        case "*=":
            return bool(value) and value in given
        case _:
            return given == value or given.startswith(f"{value}-")
