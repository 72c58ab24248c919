"""The small dialect in which the lexicons write patterns, and the masks that stand for what was found before.

A space stands for any white space, `~` for the rest of a word, `…` for at most 60 characters of the same clause and
`<word>` for an entry of the lexicon's `words`. `{n}` is a number with its hedge, `{m}` another one that is passed over,
`{no_number}` says that none stands right before, `{measure}` a number that counts no people, `{o}` an ordinal, `{date}`
a date, `{party}` a party. `{name}` is one name that stands alone, `{subject}` one or several joined, `{row}` the same
with what is said of each, `{names}` one or several near one another, `{list}` several with words between; `{who}` is a
name or a person without one, `{someone}` is any one name and captures nothing, so that a lexicon can build rows of
names from it, and `{nobody}` up to 120 characters of the same sentence in which nobody is named. `{gap}` is up to 50
characters of the same clause without a number, `{far}` up to 80 across commas, `{aside}` what may stand between two
commas or in brackets. All else is a regular expression; ё is written е, as in the sentences read. A pattern matches
whole words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Final, TypeVar

from services.ingest.extraction.dialect.spelt import Spelt, spelt
from services.ingest.extraction.dialect.stems import MOST_CONDITIONS, conditions
from services.ingest.extraction.dialect.vocabulary import ALWAYS, StemsSeen, Vocabulary

T = TypeVar("T")

HEDGE: Final = "\ue101"
NUMBER: Final = "\ue100"
ORDINAL: Final = "\ue102"
DATE: Final = "\ue103"
PARTY: Final = "\ue104"
NAME: Final = "\ue105"
MEASURE: Final = "\ue106"
ONE: Final = "\ue107"

_TITLE: Final = f"(?:(?!(?:the|an?|who|whose) )[^.;:!?,{NAME}]{{1,60}}? )?"
_REMARK: Final = (
    f"(?: \\([^()]{{1,60}}\\)|, [0-9]{{1,2}}(?: years old)?(?=,)|, [a-z][^.;:!?,{NAME}]{{1,100}}"
    f"| of [^.;:!?,{NAME}]{{1,40}})?"
)
"""What stands between the names of a row: "NAME (NAME), a teacher, and the singer NAME"."""

_AND_THE: Final = r",? and (?:the|an?) (?:(?!of )[\w-]+ ){1,4}"
"""Before the last of a row: "NAME and the reporter NAME"; "and the wife of NAME" is not of it."""

_OF: Final = f"(?: of [^.;:!?,{NAME}]{{1,30}}?(?=,| (?:and|is|are|was|were|has|have|had) ))?"
"""Whose the person before is: "NAME of Viasna and NAME"."""

_PLACEHOLDERS: Final = {
    "{n}": f"(?P<n>{HEDGE}*+{NUMBER}++)",
    "{o}": f"(?P<o>{ORDINAL}++)",
    "{date}": f"{DATE}++",
    "{m}": f"{HEDGE}*+{NUMBER}++",
    "{no_number}": f"(?<!{NUMBER}\\s)",
    "{measure}": f"{HEDGE}*+{MEASURE}++",
    "{gap}": f"[^.;:!?,{NUMBER}]{{0,50}}?",
    "{far}": f"[^.;:!?{NUMBER}]{{0,80}}?",
    "{aside}": r"(?:(?:,[^.;:!?]{1,120}?,)|(?: - [^.;:!?]{1,80}? -)|(?: ?\([^()]{1,80}\)))?",
    "{party}": f'"?(?P<party>{PARTY}++)"?',
    "{someone}": f"{NAME}++",
    "{row}": f"(?P<names>{NAME}++(?>{_REMARK}(?:(?:,? (?:and|и|і|й)|,) {_TITLE}|{_AND_THE}){NAME}++)*)(?!'s|{NAME})",
    "{who}": f"(?:{NAME}++|{ONE}++)",
    "{nobody}": f"[^.!?{NAME}]{{0,120}}?",
    "{name}": rf"(?<!{NAME})(?<!{NAME}, )(?<!{NAME} и )(?<!{NAME} і )(?<!{NAME} and )(?P<names>{NAME}++)"
    rf"(?!(?:,| and| и| і) {NAME})",
    "{names}": f"(?P<names>{NAME}++(?>(?:[^.;!?{NAME}]{{1,40}}?{NAME}++)*))",
    "{subject}": f"(?P<names>{NAME}++{_OF}(?>(?:(?:,? (?:and|и|і) |, )(?:[^.;:!?,{NAME}]{{1,40}}? )?{NAME}++)*))",
    "{list}": f"(?P<names>{NAME}++(?>(?:[^.!?{NAME}]{{1,150}}?{NAME}++)*))",
}


class BadLexicon(ValueError):
    """A lexicon's pattern cannot be read. The message names the pattern and what to mend."""


Needs = tuple[int, int, int, int]
"""Of each number, one bit must have been seen."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, compiled when it is first asked. `begins_with` has the bits of the words with which a match may
    begin, and is 0 where it may begin anyhow."""

    body: str
    begins_with: int
    row: str | None = None
    """The row of names with which it begins. Where that row is found and what must follow is not, the same is missing
    behind every later name of the row, so the search goes on behind it."""

    @property
    def regex(self) -> re.Pattern[str]:
        return _compiled(self.body)

    def matches(self, sentence: str, seen: StemsSeen) -> Iterator[re.Match[str]]:
        """What `finditer` gives, asked only where a match may begin."""
        begins_with = self.begins_with
        if not begins_with:
            yield from self.regex.finditer(sentence)
            return
        match_at, end = self.regex.match, 0
        for start, bits in seen.words:
            if not (bits & begins_with and start >= end):
                continue
            if match := match_at(sentence, start):
                yield match
                end = match.end()
            elif self.row and (row := _compiled(self.row).match(sentence, start)):
                end = row.end()


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Patterns asked together, of which only those are searched for whose words were seen in the sentence.

    Each stands behind its conditions, as bits of the vocabulary; `any_of` has the bits of every first condition.
    """

    each: tuple[tuple[Needs, Pattern], ...]
    any_of: int
    vocabulary: Vocabulary
    by_first_needs: dict[int, tuple[tuple[Needs, Pattern], ...]] = field(default_factory=dict)
    """The patterns that are left, by which bits of `any_of` were seen; filled while asked, and never large."""
    needed: int = 0
    """The bits of all conditions: patterns differ for no others."""
    by_bits: dict[int, tuple[Pattern, ...]] = field(default_factory=dict)
    """The likely ones, by which bits of `needed` were seen."""

    def compile(self) -> None:
        """Every pattern now, instead of when it is first asked."""
        for _, pattern in self.each:
            _ = pattern.regex, pattern.row and _compiled(pattern.row)

    def first(self, sentence: str) -> re.Match[str] | None:
        """The first match of the first pattern that has one."""
        return _first(self, sentence) if self.vocabulary.seen(sentence).bits & self.any_of else None

    def all(self, sentence: str) -> Sequence[re.Match[str]]:
        """Every match of every pattern, pattern by pattern."""
        return _all(self, sentence) if self.vocabulary.seen(sentence).bits & self.any_of else ()

    def may_be_in(self, sentence: str) -> bool:
        """A look that costs next to nothing, for whoever asks many of one sentence."""
        return bool(self.vocabulary.seen(sentence).bits & self.any_of)

    def may_match(self, sentence: str, masking: tuple[str, ...]) -> bool:
        """May one match the sentence once some of its words are masked like that?"""
        bits = self.vocabulary.seen(sentence).bits | self.vocabulary.marked(masking)
        return bool(bits & self.any_of) and bool(self.likely(bits))

    def likely(self, bits: int) -> Sequence[Pattern]:
        asked = bits & self.needed
        found = self.by_bits.get(asked)
        if found is None:
            if len(self.by_bits) >= _BITS_KEPT:
                self.by_bits.clear()
            found = self.by_bits[asked] = self._likely(bits)
        return found

    def _likely(self, bits: int) -> tuple[Pattern, ...]:
        return tuple(
            pattern
            for (_, two, three, four), pattern in self._left(bits & self.any_of)
            if bits & two and bits & three and bits & four
        )

    def _left(self, seen: int) -> tuple[tuple[Needs, Pattern], ...]:
        left = self.by_first_needs.get(seen)
        if left is None:
            if len(self.by_first_needs) >= _FIRST_NEEDS_KEPT:
                self.by_first_needs.clear()
            left = self.by_first_needs[seen] = tuple(each for each in self.each if seen & each[0][0])
        return left


_FIRST_NEEDS_KEPT: Final = 128
_BITS_KEPT: Final = 256

_ANSWERS_KEPT: Final = 2_048
"""Several ask the same of a sentence, one soon after the other: of some twenty sentences the answers are remembered."""


@lru_cache(_ANSWERS_KEPT)
def _all(patterns: Patterns, sentence: str) -> tuple[re.Match[str], ...]:
    seen = patterns.vocabulary.seen(sentence)
    return tuple(match for each in patterns.likely(seen.bits) for match in each.matches(sentence, seen))


@lru_cache(_ANSWERS_KEPT)
def _first(patterns: Patterns, sentence: str) -> re.Match[str] | None:
    seen = patterns.vocabulary.seen(sentence)
    for each in patterns.likely(seen.bits):
        for match in each.matches(sentence, seen):
            return match
    return None


def compile_pattern(written: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """Raises BadLexicon."""
    try:
        return _compiled(_body(written, words))
    except re.error as error:
        raise BadLexicon(f"pattern {written!r} is no regular expression after expansion: {error}") from None


def compile_all(written: Iterable[str], words: Mapping[str, str], vocabulary: Vocabulary) -> Patterns:
    """The vocabulary learns the stems of the patterns. Raises BadLexicon over an unknown word."""
    each = tuple(_pattern(pattern, words, vocabulary) for pattern in written)
    any_of = reduce(or_, (needs[0] for needs, _ in each), 0)
    needed = reduce(or_, (bits for needs, _ in each for bits in needs), 0)
    return Patterns(each, any_of, vocabulary, needed=needed)


def compile_table(entries: Iterable[tuple[str, T]], words: Mapping[str, str], vocabulary: Vocabulary) -> Spelt[T]:
    """Of (pattern, what it stands for). Raises BadLexicon."""
    return spelt(((_body(said, words), compile_pattern(said, words), thing) for said, thing in entries), vocabulary)


_BEGINS_WITH_ROW: Final = re.compile(
    r"(?:\(\?<![^()]*\))*(?:<(?:row|row_open|list)>|\{(?:row|subject|names|list)\}|\(\?P<all><(?:row|row_open)>\))"
)


def _pattern(written: str, words: Mapping[str, str], vocabulary: Vocabulary) -> tuple[Needs, Pattern]:
    body = _body(written, words)
    told, row = conditions(body), _BEGINS_WITH_ROW.match(written)
    one, two, three, four = [*map(vocabulary.number, told.needs), *[ALWAYS] * MOST_CONDITIONS][:MOST_CONDITIONS]
    begins_with = vocabulary.number(told.begins_with or ())
    return (one, two, three, four), Pattern(body, begins_with, _body(row.group(), words) if row else None)


def _body(written: str, words: Mapping[str, str]) -> str:
    body = _expand(written, words, depth=5).replace("ё", "е")
    body = body.replace("…", r"[^.;!?]{0,60}?").replace("~", r"\w*").replace(" ?", r"\s?").replace(" ", r"\s++")
    for placeholder, meaning in _PLACEHOLDERS.items():
        body = body.replace(placeholder, meaning)
    return body


@cache
def _compiled(body: str) -> re.Pattern[str]:
    """Only the bodies of lexicons come here, so what is kept has a bound."""
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def _expand(written: str, words: Mapping[str, str], depth: int) -> str:
    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in words or depth == 0:
            raise BadLexicon(f"pattern {written!r} uses <{name}>: add it to `words`, without a circle")
        return f"(?:{_expand(words[name], words, depth - 1)})"

    # `(?P<n>…)` is a group's name and no macro.
    return re.sub(r"(?<!\?P)<(\w+)>", replacement, written)


def masked(plain: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The sentence with every span overwritten by as many marks, so that offsets hold."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            pieces += (plain[at:start], mark * (end - max(start, at)))
            at = end
    return "".join((*pieces, plain[at:])) if pieces else plain
