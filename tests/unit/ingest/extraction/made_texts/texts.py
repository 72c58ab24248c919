"""Makes up news of arrests: the right number and names by construction, in words that nobody has written.

A text is a frame ("{By} {took} {G.obj} {place}.") with a group of people in it, and sentences beside it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.unit.ingest.extraction.made_texts.groups import GROUPS
from tests.unit.ingest.extraction.made_texts.maker import Group, Maker


@dataclass(frozen=True)
class Made:
    """A text with what is right of it."""

    kind: str
    language: str
    text: str
    number: int | None
    names: tuple[str, ...]


def made_texts(language: str, half: int, kind: str, each: int) -> Iterator[Made]:
    """`each` texts of that kind of group; the same ones every time."""
    for turn in range(each):
        maker = Maker(language, half, random.Random(f"{language} {half} {kind} {turn}"))
        yield _made(kind, maker, GROUPS[kind](maker))


def _made(kind: str, maker: Maker, group: Group) -> Made:
    lead = filled(maker, maker.any("frames"), group)
    beside = maker.dice.sample(maker.said["beside"], 2)
    return Made(kind, maker.language, " ".join((lead, *beside)), group.value, group.names)


def filled(maker: Maker, frame: str, group: Group) -> str:
    taken = maker.any("taken").split("|")
    said = {"by": maker.any("by"), "took": maker.any("took"), "arrest": maker.any("arrest"),
            "taken": taken[min(group.number, len(taken) - 1)], "place": maker.any("places")}  # fmt: skip
    said |= {name.capitalize(): _upper(each) for name, each in said.items()}
    frame = re.sub(r"\[(.*?)\]", lambda match: match[1].split("|")[group.number], frame)
    return _upper(frame.format(G=group, **said))


def _upper(each: str) -> str:
    return each[0].upper() + each[1:]
