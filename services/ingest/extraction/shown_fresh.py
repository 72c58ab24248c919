"""By what a text shows that its act is fresh: a day of now, who says so, a tense of now, details, or nothing else.

Each is a reading of the lead, not of the whole: what stands further down is of before more often than not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from services.contract import Kind
from services.ingest.extraction.background import FRESH, is_dated
from services.ingest.extraction.dialect.patterns import masked
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.other_subjects import other_subjects
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.dates import Mention, resolve
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.stated_act import clause_of, main_statements, mentions_an_act, segments, states_the_act
from services.ingest.extraction.wide_stems import AnyOf, stems

_OPENING: Final = 6
"""Sentences within which news tells its act: furniture and a headline stand before it."""
_BEHIND: Final = 2
"""Sentences behind the act that news spends on it."""
_DETAILS: Final = 3
"""So many different ones are no chance: of two, texts about a trial or an anniversary have as many.
One will do for a pardon told in the first sentence."""
_DETAILS_OF_ITS_OWN: Final = 2
"""So many in that very sentence, whatever stands behind it."""
_WORDS: Final = 5
_WORDS_OF_A_SENTENCE: Final = 3
"""A stretch of fewer words tells nothing of its own."""


class Shown(StrEnum):
    """What shows that an act is fresh, the surest first."""

    DAY_OF_ACT = "day_of_act"
    DAY_BESIDE = "day_beside"
    TENSE = "tense"
    SAID = "said"
    DECREE = "decree"
    DETAILS = "details"
    NOTHING_ELSE = "nothing_else"


def shown_fresh(text: ReadText, title: ReadText, news: News, acts: Sequence[int]) -> frozenset[Shown]:
    """`acts`: the sentences that state the act in a main clause."""
    return frozenset(_all_shown(text, title, news, acts))


def _all_shown(text: ReadText, title: ReadText, news: News, acts: Sequence[int]) -> Iterator[Shown]:
    if any(_is_dated_itself(text, index) for index in acts):
        yield Shown.DAY_OF_ACT
        return  # nothing shows it better
    if any(_is_dated_elsewhere(text, index) for index in acts) or _is_dated_beside(text, title, news, acts):
        yield Shown.DAY_BESIDE
    if any(_is_in_a_tense_of_now(text, index) for index in acts):
        yield Shown.TENSE
    whole = [index for index in acts if _tells_one_thing(text, index, news.kind)]
    if any(_is_said(text, index) for index in whole):
        yield Shown.SAID
    if news.kind is Kind.PARDON and any(_names_a_decree(text, index) for index in whole):
        yield Shown.DECREE
    if any(_goes_on(text, index, news.kind) for index in whole):
        yield Shown.DETAILS
    if whole and all(
        index in acts or _is_furniture(each.sentence.plain.split()) for index, each in enumerate(text.readings)
    ):
        yield Shown.NOTHING_ELSE


def _is_dated_itself(text: ReadText, index: int) -> bool:
    """Does a day of now stand in the clause of the act, and not in that of who says so?"""
    reading = text.readings[index]
    clauses = [clause_of(reading, match) for match in main_statements(reading, text.lexicon)]
    to_come, plain = other_subjects().to_come, reading.sentence.plain
    clauses = [(start, end) for start, end in clauses if not to_come.search(plain, start, end)]
    days = [each.start for each in reading.dates if _is_a_day_of_now(each, text.reference)]
    days += [match.start() for match in other_subjects().of_now.finditer(plain)]
    return any(start <= day < end for start, end in clauses for day in days)


def _is_dated_elsewhere(text: ReadText, index: int) -> bool:
    """Does another clause name a day of now, and none to come ("will speak on Friday about those detained")?"""
    plain = text.readings[index].sentence.plain
    return is_of_now(text, index) and not other_subjects().to_come.search(plain)


def _is_a_day_of_now(mention: Mention, reference: date | None) -> bool:
    day = resolve(mention, reference)
    return mention.weekday is not None or (reference is not None and day is not None and day >= reference - FRESH)


def is_of_now(text: ReadText, index: int) -> bool:
    """A weekday is one of the last seven days, whichever the rules for old news take it for."""
    reading = text.readings[index]
    if is_dated(text, index, FRESH) or any(each.weekday is not None for each in reading.dates):
        return True
    return other_subjects().of_now.search(reading.sentence.plain) is not None


def _is_dated_beside(text: ReadText, title: ReadText, news: News, acts: Sequence[int]) -> bool:
    """Does the title, or a sentence next to the act, name a day of now, and not one to come?"""
    to_come = other_subjects().to_come
    if any(is_of_now(title, index) for index in range(len(title.readings))):
        return True
    near = {index + step for index in acts for step in (-1, 1)} & set(range(len(text.readings)))
    return any(
        is_of_now(text, index)
        and not to_come.search(text.readings[index].sentence.plain)
        and not _is_only_told_of(text.readings[index], text.lexicon)
        for index in near - news.background
    )


def _is_only_told_of(reading: Reading, lexicon: Lexicon) -> bool:
    return mentions_an_act(reading, lexicon) and not states_the_act(reading, lexicon)


def _is_in_a_tense_of_now(text: ReadText, index: int) -> bool:
    return other_subjects().tense_of_now.search(text.readings[index].sentence.plain) is not None


def _is_said(text: ReadText, index: int) -> bool:
    """Does the sentence say who says so, or the next one, of what stands before it ("Viasna reported this")?"""
    behind = text.speakers.by_sentence[index + 1] if index + 1 < len(text.readings) else ()
    return bool(text.speakers.by_sentence[index]) or any(saying.of_before for saying in behind)


def _names_a_decree(text: ReadText, index: int) -> bool:
    return other_subjects().decided.search(text.readings[index].sentence.plain) is not None


def _goes_on(text: ReadText, index: int, kind: Kind) -> bool:
    """Does the text open with the act and tell details of it: in its sentence, and in those behind?"""
    if index >= _OPENING:
        return False
    following = [each.sentence.plain for each in text.readings[index + 1 :]]
    behind = [plain for plain in following if not _is_furniture(plain.split())][:_BEHIND]
    own = _found(_beside_the_act(text.readings[index], text.lexicon), kind)
    if kind is Kind.PARDON and index == 0:
        behind, needed, enough = behind[:1], 1, _DETAILS_OF_ITS_OWN
    else:
        needed = enough = _DETAILS
    if len(own) >= enough:
        return True
    if not all(_is_about(plain, kind) for plain in behind):
        return False
    return len({*own, *(each for plain in behind for each in _found(plain, kind))}) >= needed


def _found(plain: str, kind: Kind) -> set[str]:
    """The details told there; a word of politics that is none of them is one more, whichever it is."""
    details = list(_details(kind).finditer(plain))
    rest = masked(plain, [match.span() for match in details], " ")
    return {match.group().lower() for match in details} | ({"politics"} if _is_of_politics(rest) else set())


def _is_of_politics(plain: str) -> bool:
    return bool(stems().political.search(plain) or other_subjects().of_politics.search(plain))


def _beside_the_act(reading: Reading, lexicon: Lexicon) -> str:
    return masked(reading.sentence.plain, [match.span() for match in main_statements(reading, lexicon)], " ")


def _details(kind: Kind) -> AnyOf:
    return other_subjects().goes_on if kind is Kind.ARREST else other_subjects().goes_on_freed


def _tells_one_thing(text: ReadText, index: int, kind: Kind) -> bool:
    """Is every stretch of the sentence about the act, and none about something that came of it?"""
    reading = text.readings[index]
    acts = [match.span() for match in main_statements(reading, text.lexicon)]
    said = [(saying.start, saying.end) for saying in text.speakers.by_sentence[index]]
    return all(
        any(start < last and first < end for first, last in (*acts, *said))
        or _is_about(reading.sentence.plain[start:end], kind)
        for start, end in segments(reading)
    )


def _is_about(plain: str, kind: Kind) -> bool:
    words = plain.split()
    if len(words) < _WORDS or _is_a_list_of_names(words):
        return True
    return bool(_details(kind).search(plain)) or _is_of_politics(plain)


def _is_furniture(words: Sequence[str]) -> bool:
    """A byline, a caption, "(Reuters)"."""
    return len(words) < _WORDS_OF_A_SENTENCE or _is_a_list_of_names(words)


def _is_a_list_of_names(words: Sequence[str]) -> bool:
    capital = [word for word in words if re.match(r"[\"'(]*[^\Wа-яa-zіў_]", word)]
    return len(capital) * 2 > len(words)
