"""The styles that a page carries within itself, so far as they decide on sight; what cannot be read is ignored.

Read are selectors of tags, ids, classes and attributes, in lists, as descendants and children, alone or under `@media`
of every screen. An ancestor's parts may be spread over several ancestors: that keeps matching linear.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from services.ingest.sources.sight.declarations import plain_css, read_declarations, unescape
from services.ingest.sources.sight.selectors import Compound, Element, read_compound, weight_of

_MOST_RULES: Final = 1000
"""With a part in sight, in one page; those after them are not looked at, so that no page can stall us."""
_MOST_TESTS: Final = 500_000
"""Of a rule against an element, in one page: ten times what pages of news come to."""
_DEEPEST: Final = 8
_LONGEST_SELECTOR: Final = 200
_NARROW, _WIDE = 390, 1280
"""Pixels of a telephone and of a desk: only what neither shows is unseen."""

_MARK = re.compile(r"[{};]")
_WIDTH = re.compile(r"\((min|max)-width\s*:\s*(\d+(?:\.\d+)?)(px|r?em)\)")
_LETTER = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
_STEP = re.compile(r"\s*>\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Rule:
    last: Compound
    parent: Compound | None
    above: frozenset[str]
    declarations: tuple[tuple[str, str, bool], ...]
    weight: tuple[int, int, int]
    """Ids, classes with attributes, and tags (Selectors 4, section 17); then the order in the page."""
    order: int


class StyledToStall(ValueError):
    """Styles that would take longer to apply than any page of news takes."""


@dataclass(slots=True)
class StyleSheet:
    """All rules of a page, by a mark that the element must bear."""

    rules: dict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    tests: int = 0

    def style_of(self, element: Element, inline: str, parent: Element | None, above: Counter[str]) -> dict[str, str]:
        """What holds for the element after the cascade. `above`: how often each mark stands on its ancestors.

        Raises StyledToStall."""
        won: dict[str, tuple[tuple[bool, bool, tuple[int, int, int], int], str]] = {}
        for rule in self._fitting(element, parent, above):
            _enter(won, rule.declarations, False, rule.weight, rule.order)
        if inline:
            _enter(won, read_declarations(inline), True, (0, 0, 0), self.count)
        return {name: value for name, (_, value) in won.items()}

    def _fitting(self, element: Element, parent: Element | None, above: Counter[str]) -> Iterator[_Rule]:
        if not self.count:
            return
        for mark in (*element.marks, "*"):
            rules = self.rules.get(mark, ())
            self.tests += len(rules)
            if self.tests > _MOST_TESTS:
                raise StyledToStall("its styles are made to stall whoever reads it")
            for rule in rules:
                has_parent = rule.parent is None or (parent is not None and rule.parent.fits(parent))
                if has_parent and rule.last.fits(element) and all(above[each] for each in rule.above):
                    yield rule

    def add(self, selectors: str, declarations: tuple[tuple[str, str, bool], ...]) -> None:
        for selector in _LETTER.sub(_spelt, selectors).split(","):
            if self.count < _MOST_RULES and (rule := _rule(selector.strip(), declarations, self.count)):
                key = max(rule.last.marks, key=lambda mark: (mark[0] == "#", mark[0] == "."), default="*")
                self.rules[key].append(rule)
                self.count += 1


def read_stylesheets(texts: Iterable[str]) -> StyleSheet:
    sheet = StyleSheet()
    for text in texts:
        for selectors, declarations in _rules(plain_css(text)):
            sheet.add(selectors, declarations)
    return sheet


def _spelt(escape: re.Match[str]) -> str:
    """A letter that is written as its number; a sign stays as it is, since it would be taken for one of CSS."""
    letter = unescape(escape[0])
    return letter if letter.isalnum() else escape[0]


def is_for_every_screen(query: str) -> bool:
    """Does a media query hold for a telephone as well as for a desk? (Of several, one is enough.)"""
    return any(_holds(each) for each in query.lower().split(","))


def _holds(query: str) -> bool:
    rest = _WIDTH.sub("", query)
    words = set(rest.split()) - {"only", "screen", "all", "and"}
    return not words and all(
        (float(number) * (16 if unit.endswith("em") else 1) <= _NARROW) if edge == "min" else
        (float(number) * (16 if unit.endswith("em") else 1) >= _WIDE)
        for edge, number, unit in _WIDTH.findall(query)
    )  # fmt: skip


def _rules(css: str) -> Iterator[tuple[str, tuple[tuple[str, str, bool], ...]]]:
    """Selectors with what they declare, also of rules within rules; `None` on the pile is a block not to be read."""
    pile: list[str | None] = []
    skipped = start = 0
    for mark in _MARK.finditer(f"{css}}}"):
        text = css[start : mark.start()].strip()
        start = mark.end()
        if mark[0] == "{":
            if skipped or len(pile) >= _DEEPEST:
                skipped += 1
            else:
                pile.append(_opened(text, pile[-1] if pile else ""))
            continue
        if pile and pile[-1] and not skipped and (declarations := read_declarations(text)):
            yield pile[-1], declarations
        if mark[0] == "}":
            if skipped:
                skipped -= 1
            elif pile:
                pile.pop()


def _opened(prelude: str, outer: str | None) -> str | None:
    if outer is None:
        return None
    if prelude.startswith("@"):
        return outer if _applies(prelude) else None
    if not outer:
        return prelude
    if "," in outer or len(outer) + len(prelude) > _LONGEST_SELECTOR:
        return None
    parts = (part.strip() for part in prelude.split(","))
    return ",".join(part.replace("&", outer) if "&" in part else f"{outer} {part}" for part in parts)


def _applies(prelude: str) -> bool:
    name, _, condition = prelude.partition(" ")
    if name.lower() == "@media":
        return is_for_every_screen(condition)
    return name.lower() == "@layer" or (name.lower() == "@supports" and " not" not in f" {condition.lower()}")


def _rule(selector: str, declarations: tuple[tuple[str, str, bool], ...], order: int) -> _Rule | None:
    if not selector or len(selector) > _LONGEST_SELECTOR:
        return None
    steps = _STEP.split(selector)
    compounds = [read_compound(step) for step in steps]
    if any(compound is None for compound in compounds):
        return None
    known = [compound for compound in compounds if compound]
    is_child = len(steps) > 1 and ">" in selector[: len(selector) - len(steps[-1])].rstrip()[-1:]
    above = known[: -2 if is_child else -1]
    if any(compound.attributes for compound in above):
        return None
    return _Rule(
        known[-1],
        known[-2] if is_child else None,
        frozenset(mark for compound in above for mark in compound.marks),
        declarations,
        weight_of(known),
        order,
    )


def _enter(
    won: dict[str, tuple[tuple[bool, bool, tuple[int, int, int], int], str]],
    declarations: tuple[tuple[str, str, bool], ...],
    inline: bool,
    weight: tuple[int, int, int],
    order: int,
) -> None:
    for name, value, important in declarations:
        rank = (important, inline, weight, order)
        if name not in won or won[name][0] <= rank:
            won[name] = (rank, value)
