"""Is a text about Belarus: by its own words, by what only Belarus has, or by a source that writes of nothing else?"""

from __future__ import annotations

from collections.abc import Iterable

from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.law_articles import cites_our_law
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading


def is_home(text: ReadText, telling: Iterable[int], *, at_home: bool) -> bool:
    """Does the text name Belarus, a place of it, or somebody known there? Failing that, does it speak as only our
    sources do, or cite an article that only our codes have, and name no other country?

    Failing that, is its source one of Belarus alone (`at_home`)? Then the text is about Belarus unless what it tells,
    in the sentences `telling`, happened elsewhere.
    """
    if any(_names_home(reading, text.lexicon) for reading in text.readings):
        return True
    return _is_presumed(text) or (at_home and not any(is_abroad(text, index) for index in telling))


def is_abroad(text: ReadText, index: int) -> bool:
    """Does the sentence put what it tells into another country?"""
    return text.lexicon.signals["abroad"].first(text.readings[index].sentence.plain) is not None


def _is_presumed(text: ReadText) -> bool:
    presumed, elsewhere = text.lexicon.signals["presumed_home"], text.lexicon.signals["elsewhere"]
    sentences = [reading.sentence.plain for reading in text.readings]
    if not any(presumed.first(plain) or cites_our_law(plain) for plain in sentences):
        return False
    return not any(elsewhere.first(plain) for plain in sentences)


def _names_home(reading: Reading, lexicon: Lexicon) -> bool:
    return bool(
        lexicon.signals["home"].first(reading.sentence.plain)
        or gazetteer().places.any_in(reading.sentence.plain)
        or any(naming.known for naming in namings(reading.sentence, lexicon.language))
    )
