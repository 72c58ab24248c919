"""What a text says of an arrest: how many, where, by whom, under which articles."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from services.contract import Claim, Kind, Role
from services.ingest.extraction.claims import claim, counted, without_repeats
from services.ingest.extraction.kind import News
from services.ingest.extraction.law_articles import cited
from services.ingest.extraction.people.accompanied import (
    accompanied,
    counts_in_whoever_is_told_before,
    with_whoever_went,
)
from services.ingest.extraction.people.added_later import are_added, with_those_added
from services.ingest.extraction.people.added_up import listed_behind_colon
from services.ingest.extraction.people.beside import Beside, beside_one_another, may_be_with_others
from services.ingest.extraction.people.crowds import counted_last
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.people.persons import is_private
from services.ingest.extraction.people.rows import adds_to, rows
from services.ingest.extraction.people.together import listed_together, taken_together, with_those_beside
from services.ingest.extraction.people.touched import touched_alone
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.earlier import earlier_numbers
from services.ingest.extraction.unsure_numbers import (
    comes_on_top,
    is_of_something_else,
    is_one_of_several,
    is_supposed,
    passes_over_a_number,
    tells_of_many,
)
from services.ingest.extraction.whereabouts import authority


def arrest_claims(text: ReadText, title: ReadText, news: News) -> tuple[Claim, ...]:
    fresh = text.without(news.background)
    found = _detained(text, fresh)
    if _is_unsure(found, text, title, news):
        found = []
    for index in fresh:
        found += _articles(text, index)
        found += _nature(text, index)
        found += _charge(text, index)
    found += authority(text, news)
    return without_repeats(found)


def _is_unsure(found: Sequence[Claim], text: ReadText, title: ReadText, news: News) -> bool:
    fresh = text.without(news.background)
    if is_one_of_several(found, text, title, fresh) or passes_over_a_number(found, text, news.acts):
        return True
    counted_by_nobody = bool(found) and found[0].span not in {each.span for each in _numbers_of(text, fresh)}
    return counted_by_nobody and (is_supposed(text, fresh) or tells_of_many(text, title, fresh))


def _numbers_of(text: ReadText, fresh: Sequence[int]) -> Iterator[Claim]:
    return (each for index in fresh for each in counted("detained", text, index))


def _detained(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """How many. The first number is the act's; who repeats it says so too, and another number is another matter.

    Where no number is given, those are counted whom the text names one and all; where nobody is, one unnamed person.
    """
    found, uncounted = _counted(text, fresh)
    if uncounted or _is_uncounted(text, fresh):
        return found
    of_rows = _one_and_all(text, fresh)
    if found and of_rows and adds_to(of_rows[0], found[0]):
        return of_rows
    for told in (_behind_colon, _one_and_all, _everybody, _pair, _one, _somebody):
        found = found or told(text, fresh)
    return found


def _counted(text: ReadText, fresh: Sequence[int]) -> tuple[list[Claim], bool]:
    """What numbers say; and whether somebody was taken whom no number counts."""
    found, added = list[Claim](), list[Claim]()
    uncounted = False
    for index in fresh:
        of_before = earlier_numbers(text.readings[index], text.lexicon)
        together = listed_together("detained", text, index)
        if together and together[1] is None:
            uncounted = True
            found = found or _wholes_before(text, index, together[0])
            continue
        with_others = accompanied("detained", text, index)
        sum_of = together[1] if together else with_others or taken_together("detained", text, index)
        if not found and sum_of:
            found.append(sum_of)
        stated = list(_stated(text, index, of_before))
        of_act = [each for each in stated if not is_of_something_else(each, text, index)]
        numbers = list(with_whoever_went(of_act, text, index))
        with_him = bool(stated) and counts_in_whoever_is_told_before(stated[0], text, index)
        if not found and stated and not with_him and (not of_act or comes_on_top(stated[0], text, index)):
            uncounted = True
            continue
        if not found and numbers and _is_with_others(text, index, numbers[0].span):
            uncounted = True
            continue
        for each in numbers:
            if not found or each.value == found[0].value:
                found.append(each)
            elif found[0].span[0] < text.readings[index].sentence.start and are_added(each, text, index):
                added.append(each)
    return with_those_added(found, added), uncounted


def _wholes_before(text: ReadText, index: int, listed: Beside) -> list[Claim]:
    """The number behind whose colon the list begins."""
    plain, at = text.readings[index].sentence.plain, text.readings[index].sentence.start
    numbers = (each for each in counted("detained", text, index) if each.span[1] <= at + listed.start)
    return [each for each in numbers if ":" in plain[each.span[1] - at : listed.start]]


def _is_with_others(text: ReadText, index: int, span: tuple[int, int]) -> bool:
    reading, language = text.readings[index], text.lexicon.language
    start, end = (place - reading.sentence.start for place in span)
    number = next((each for each in reading.quantities if start <= each.number_start < end), None)
    if number is None:
        return False
    names = namings(reading.sentence, language)
    return may_be_with_others(reading, number.start, number.end, names, language)


def _is_uncounted(text: ReadText, fresh: Sequence[int]) -> bool:
    """Were "dozens" taken, or "several": more than the text counts or names?"""
    uncounted = text.lexicon.rows.get("uncounted")
    if uncounted is not None and any(uncounted.first(text.readings[index].counted) for index in fresh):
        return True
    return any(each.value is None for index in fresh for each in _alone(text, index))


def _one_and_all(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """The people of the rows that leave nobody out, over all sentences."""
    patterns = text.lexicon.rows.get("detained")
    if patterns is None:
        return []
    seen: set[str] = set()
    besides, first = 0, None
    for index in fresh:
        for match, names, more in rows(patterns, text.readings[index], text.lexicon):
            first = first or (index, match.span())
            seen |= names
            besides += more
    return [claim("detained", len(seen) + besides, text, *first)] if first else []


def _behind_colon(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    return list(listed_behind_colon("detained", Kind.ARREST, text, fresh))


def _everybody(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """ "They took them all": as many as the sentence counts, or the one before it."""
    for index in fresh:
        match = text.lexicon.arrest["everybody"].first(text.readings[index].sentence.plain)
        if match and (crowd := counted_last(text, index)):
            return [claim("detained", crowd.value, text, index, match.span(), precision=crowd.precision)]
    return []


def _pair(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """ "A married couple was detained"; not where one of them, or anybody, is named beside."""
    for index in fresh:
        reading = text.readings[index]
        match = text.lexicon.unsure["pair"].first(reading.counted)
        if match and not namings(reading.sentence, text.lexicon.language):
            return [claim("detained", 2, text, index, match.span())]
    return []


def _one(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """The words that say of one person that they were detained."""
    for index in fresh:
        plain = text.readings[index].sentence.plain
        named = without_officials(plain, namings(text.readings[index].sentence, text.lexicon.language))
        people = [naming for naming in named if not is_private(plain, naming, text.lexicon)]
        if match := text.lexicon.arrest["singular"].first(veiled(text.readings[index], people)):
            if any(each.value is None for each in _lists(text, index)):
                return []
            return [claim("detained", 1, text, index, match.span())]
    return []


def _somebody(text: ReadText, fresh: Sequence[int]) -> list[Claim]:
    """One person whom the text does not name."""
    for index in fresh:
        for each in _alone(text, index):
            if each.value:
                return [claim("detained", 1, text, index, (each.start, each.end))]
    return []


def _lists(text: ReadText, index: int) -> Iterator[Beside]:
    reading, language = text.readings[index], text.lexicon.language
    return beside_one_another(reading, namings(reading.sentence, language), language)


def _alone(text: ReadText, index: int) -> Sequence[Beside]:
    return touched_alone(Role.DETAINED, text.readings[index], text.lexicon.language)


def _articles(text: ReadText, index: int) -> Iterator[Claim]:
    """Articles of the Criminal Code; one of the administrative code only says that the case is of that kind."""
    for each in cited(text.readings[index].sentence.plain):
        span = (each.start, each.end)
        if not each.administrative:
            yield claim("criminal_articles", each.articles, text, index, span)
        yield claim("administrative", each.administrative, text, index, span)


def _nature(text: ReadText, index: int) -> Iterator[Claim]:
    for name, administrative in (("administrative", True), ("criminal", False)):
        if match := text.lexicon.arrest[name].first(text.readings[index].counted):
            yield claim("administrative", administrative, text, index, match.span())
            return


def _charge(text: ReadText, index: int) -> Iterator[Claim]:
    if match := text.lexicon.arrest["charge"].first(text.readings[index].sentence.plain):
        yield claim("charge", match["charge"].strip(), text, index, match.span("charge"))


def _stated(text: ReadText, index: int, elsewhere: Container[int]) -> Iterator[Claim]:
    return with_those_beside(counted("detained", text, index, elsewhere=elsewhere), text, index)
