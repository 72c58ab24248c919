"""Texts made from a pattern itself: what it matches, and nearly matches, with each of its repeats pumped up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

Node = tuple[Any, Any]
Text = Callable[[int], str]
"""Gives a text of so many characters."""

_REPEATS: Final = frozenset({ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT})
_TEXTS_OF_A_REPEAT: Final = 3
_CANDIDATES: Final = "аaА1 ,.-\"'(:;\n\ue105\ue100zЯ"
"""One character of each kind that patterns tell apart; a class gives the first of them that it holds."""

_FAILS: Final = "\u2603"
"""No pattern wants it, so what comes before it nearly matches."""


@dataclass(frozen=True, slots=True)
class Pump:
    """What leads to a repeat, and what it repeats."""

    before: str
    body: str

    def texts(self) -> tuple[Text, ...]:
        """The repeat pumped up, its beginning pumped up, and both with what never comes."""
        return (
            lambda length: (self.before + filled(self.body, length))[:length] + _FAILS,
            lambda length: filled(self.before + self.body + " ", length) + _FAILS,
        )


def filled(piece: str, length: int) -> str:
    return (piece * (length // max(len(piece), 1) + 1))[:length]


def texts(pattern: re.Pattern[str], most: int, dice: random.Random) -> list[Text]:
    """At most so many pumps, of groups before those of single characters, each with its texts; and whole matches."""
    tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
    pumps = islice(_pumps(tree, dice), most)
    whole = _text(tree, dice)
    matched: Text = lambda length: filled(whole + " ", length)  # noqa: E731
    return [matched, *(text for pump in pumps for text in pump.texts())]


def _pumps(tree: Sequence[Node], dice: random.Random) -> Iterator[Pump]:
    """Each of another repeat, then of each another text. They are made as they are asked: a pattern has hundreds."""
    repeats = list(_repeats(tree, ()))
    dice.shuffle(repeats)
    repeats.sort(key=lambda repeat: _is_of_one_character(repeat[1]))
    seen: set[Pump] = set()
    for _ in range(_TEXTS_OF_A_REPEAT):
        for before, inner in repeats:
            pump = Pump(_text(before, dice), _text(inner, dice))
            if pump.body and pump not in seen:
                seen.add(pump)
                yield pump


def _repeats(tree: Sequence[Node], before: Sequence[Node]) -> Iterator[tuple[Sequence[Node], list[Node]]]:
    """What leads to each repeat, and what it repeats."""
    for index, node in enumerate(tree):
        op, given = node
        lead = (*before, *tree[:index])
        if op in _REPEATS:
            _, most, inner = given
            if most > 1:
                yield lead, list(inner)
            yield from _repeats(list(inner), lead)
        elif op is ops.BRANCH:
            for branch in given[1]:
                yield from _repeats(list(branch), lead)
        elif op in {ops.ASSERT, ops.ASSERT_NOT}:
            yield from _repeats(list(given[1]), lead)
        elif inner := _inner(node):
            yield from _repeats(inner, lead)


def _is_of_one_character(tree: Sequence[Node]) -> bool:
    return len(tree) == 1 and tree[0][0] in {ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN}


def _inner(node: Node) -> list[Node] | None:
    op, given = node
    if op is ops.SUBPATTERN:
        return list(given[-1])
    return list(given) if op is ops.ATOMIC_GROUP else None


def _text(tree: Iterable[Node], dice: random.Random) -> str:
    """Something short that the nodes match, but for what looks around."""
    return "".join(_of_node(node, dice) for node in tree)


def _of_node(node: Node, dice: random.Random) -> str:
    op, given = node
    if op is ops.LITERAL:
        return chr(given)
    if op is ops.IN:
        return _of_class(given)
    if op in {ops.NOT_LITERAL, ops.ANY}:
        return next(each for each in _CANDIDATES if given is None or ord(each) != given)
    if op in _REPEATS:
        least, most, body = given
        return "".join(_text(body, dice) for _ in range(max(least, min(dice.randint(0, 1), most))))
    if op is ops.BRANCH:
        return _text(dice.choice(given[1]), dice)
    return _text(inner, dice) if (inner := _inner(node)) else ""


def _of_class(items: Sequence[Node]) -> str:
    negated = items[0][0] is ops.NEGATE
    own = [chr(given if op is ops.LITERAL else given[0]) for op, given in items if op in {ops.LITERAL, ops.RANGE}]
    candidates = _CANDIDATES if negated else [*_CANDIDATES, *own]
    return next((each for each in candidates if _is_in(each, items) is not negated), "")


def _is_in(character: str, items: Sequence[Node]) -> bool:
    return any(_is_one(character, *item) for item in items)


def _is_one(character: str, op: Any, given: Any) -> bool:
    if op is ops.LITERAL:
        return bool(ord(character) == given)
    if op is ops.RANGE:
        return bool(given[0] <= ord(character) <= given[1])
    return bool(op is ops.CATEGORY and re.fullmatch(_CATEGORIES[given], character))


_CATEGORIES: Final = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}
