"""Reads as much of a regular expression as tells which letters must stand in what it matches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

END: Final = "\0"
"""Stands for every character that no word has: a space, a comma, a bracket."""

MARKS: Final = frozenset(map(chr, range(0xE100, 0xE110)))
"""The characters that mask what was found before. Each is a word of its own."""

_RUN: Final = re.compile(r"[^\W_]+(?![?*+{])")
_GROUP: Final = re.compile(r"\((?:\?(?P<kind>:|>|P<\w+>|[a-z]*-?[a-z]*:|=|!|<=|<!))?")
_CLASS: Final = re.compile(r"\[(?P<not>\^?)(?P<of>\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_BRACKET: Final = re.compile(rf"\\.|{_CLASS.pattern}|[()]", re.DOTALL)
"""One of a group, or what looks like one and stands for itself."""
_QUANTIFIER: Final = re.compile(r"(?:(?P<sign>[?*+])|\{(?P<least>[0-9]*)(?P<rest>,?[0-9]*)\})[?+]?")
_QUANTIFIERS: Final = frozenset("?*+{")
_LOOKAROUND: Final = frozenset({"=", "!", "<=", "<!"})
_GROUPS_KEPT: Final = 4_096
_EDGES: Final = frozenset({"b", "B", "A", "Z"})
"""Escapes that stand for a place and no character."""


@dataclass(frozen=True, slots=True, eq=False)
class Characters:
    """One character, in small letters: one of `options`, or any at all where they are None."""

    options: frozenset[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """A run of letters that stand for themselves."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    branches: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """The inner sequence, at least so often (0 or more), and possibly `again`."""

    inner: tuple[Node, ...]
    least: int
    again: bool


Node = Characters | Letters | Choice | Many


def parse(body: str) -> tuple[Node, ...]:
    """Of a regular expression that compiles. What stands for no character (an edge, a look around) is left out."""
    branches = _branches(body)
    return branches[0] if len(branches) == 1 else (Choice(branches),)


_in_group = lru_cache(_GROUPS_KEPT)(parse)
"""The words of a lexicon stand in hundreds of its patterns: each is read once, and the same node wherever it stands."""


def _branches(body: str) -> tuple[tuple[Node, ...], ...]:
    branches: list[tuple[Node, ...]] = []
    sequence: list[Node] = []
    closing = _closing_brackets(body)
    at = 0
    while at < len(body):
        if run := _RUN.match(body, at):
            sequence.append(Letters(run.group().lower()))
            at = run.end()
            continue
        if body[at] == "|":
            branches.append(tuple(sequence))
            sequence, at = [], at + 1
            continue
        atom, at = _atom(body, at, closing)
        quantified, at = _quantified(body, at, atom)
        sequence += quantified
    return (*branches, tuple(sequence))


def _closing_brackets(body: str) -> dict[int, int]:
    """By the place of each opening one, that of the one that closes it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(body):
        if bracket.group() == "(":
            opened.append(bracket.start())
        elif bracket.group() == ")":
            found[opened.pop()] = bracket.start()
    return found


def _atom(body: str, at: int, closing: Mapping[int, int]) -> tuple[tuple[Node, ...], int]:
    if group := _GROUP.match(body, at):
        inner = () if group["kind"] in _LOOKAROUND else _in_group(body[group.end() : closing[at]])
        return inner, closing[at] + 1
    if of_class := _CLASS.match(body, at):
        return (Characters(None if of_class["not"] else _of_class(of_class["of"])),), of_class.end()
    if body[at] == "\\":
        return (() if body[at + 1] in _EDGES else (Characters(_escaped(body[at + 1])),)), at + 2
    if body[at] in "^$":
        return (), at + 1
    return (Characters(None if body[at] == "." else _one(body[at])),), at + 1


def _quantified(body: str, at: int, atom: tuple[Node, ...]) -> tuple[tuple[Node, ...], int]:
    if body[at : at + 1] not in _QUANTIFIERS:
        return atom, at
    found = _QUANTIFIER.match(body, at)
    if found is None or not atom:
        return atom, found.end() if found else at
    least = int(found["sign"] == "+") if found["sign"] else int(found["least"] or 0)
    once = found["sign"] == "?" or (found["sign"] is None and found["rest"] in {"", ",1"} and least <= 1)
    return (Many(atom, least, again=not once),), found.end()


def _one(character: str) -> frozenset[str]:
    is_word = character.isalnum() or character == "_"
    return frozenset({character.lower() if is_word or character in MARKS else END})


def _escaped(character: str) -> frozenset[str] | None:
    """Classes of characters, else the character itself."""
    if character == "s":
        return frozenset({END})
    return None if character in "wWSdD" else _one(character)


def _of_class(written: str) -> frozenset[str] | None:
    """The characters of `[...]`; None for a class with a range, which holds too many to tell anything."""
    if re.search(r"[^\\]-.|\\[wWSdD]", written):
        return None
    of_words = re.sub(r"\\s", " ", written).replace("\\", "")
    return frozenset().union(*map(_one, of_words))
