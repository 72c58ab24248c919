"""Says when a reading is of low confidence, and why: what is doubtful goes to a person first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from services.contract import Claim, Kind
from services.fact_table import ACTS
from services.ingest.extraction.claims import first_value
from services.ingest.extraction.counted_by_names import COUNTED_BY_NAMES
from services.ingest.extraction.doubts_in_words import VOUCHING, doubts_in_words
from services.ingest.extraction.kind import News
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.second_act import SECOND_ACT
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.skimming import DOUBT
from services.ingest.extraction.surely_news import is_surely_news
from services.ingest.extraction.whereabouts import SEVERAL_TOWNS

TITLE_ALONE: Final = "title_alone"
"""Only the title states the act; titles exaggerate."""

GUESSED_NUMBER: Final = "guessed_number"
"""The number of the act stands in a guess ("possibly 20 people") and nowhere else."""

QUOTED_ACT: Final = "quoted_act"
"""The act is stated in somebody's quoted words, and the sentence does not say whose."""

UNVERIFIED: Final = "unverified"
"""The text says that it could not be checked, and neither an authority nor a rights group is named for it."""

UNSURE_NEWS: Final = "unsure_news"
"""Nothing shows that the act is fresh, or the text speaks of something else as well."""

MEANINGS: Final = {
    TITLE_ALONE: "only the title states the act",
    GUESSED_NUMBER: "the number of the act stands in a guess and nowhere else",
    QUOTED_ACT: "the act is stated in the quoted words of nobody named",
    DOUBT: "the language is skimmed and not read",
    COUNTED_BY_NAMES: "nobody gives a number; those whom the text names are counted",
    SECOND_ACT: "told after another act, and neither dated nor put beside it in words",
    UNSURE_NEWS: "nothing beside the act shows it to be new, or another subject is told beside it",
    SEVERAL_TOWNS: "people were taken in several towns, a number in each; the number told may be that of one",
    "joke": "a joke, satire, a prank, the first of April",
    "fiction": "a film, a book, a dream, an advertisement, a drill, a sample, a draft",
    "supposition": "supposed, imagined, thought likely, hung on a condition",
    "rumour": "heard from nobody named: a rumour, an anonymous channel, a reader",
    "planned": "a plan, a forecast, a hope, an appeal; not yet signed",
    "asked": "the text asks whether it is true",
    "denied": "denied, refuted, called false or forged, corrected, withdrawn, gone from its page",
    "unconfirmed": "the text says that nobody confirms it",
    UNVERIFIED: "the text says that it could not be checked, and names no authority or rights group for it",
    "retold": "told anew from an archive or for an anniversary",
    "rival_articles": "the page shows two articles, either of which could be the one",
    "broken_number": "a number of the page is cut by words struck out or hidden",
    "reordered": "characters make the text show in another order than it stands",
}
"""What each slug tells an operator. Those from `joke` on are found by words, `lexicon/doubts/<language>.yaml`; the last
three come with the article, of how its page shows it."""

_MORE_THAN_A_WORD: Final = 20
"""Characters within the marks beside the act: fewer put a mere word in doubt («помилованы»), not the statement."""

_CLAUSE_ENDS: Final = re.compile(r"[,;:()]")


def doubts_of(text: ReadText, title: ReadText, news: News, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The slugs of all that is doubtful, sorted. News of another kind is no reading to doubt."""
    if news.kind is Kind.OTHER:
        return ()
    field = ACTS[news.kind].number
    size = first_value(claims, field)
    heads = [each for each in claims if each.field == field and each.value == size]
    told = {
        TITLE_ALONE: news.by_title,
        GUESSED_NUMBER: bool(heads) and all(_is_guessed(text, each) for each in heads),
        QUOTED_ACT: bool(news.acts) and all(_is_quoted(text, index, news.kind) for index in news.acts),
    }
    worded = doubts_in_words(text, title, news)
    vouched = any(each.said_by.party_class in VOUCHING for each in claims if each.scope == "act")
    by_words = worded - {UNVERIFIED} if vouched else worded
    found = {slug for slug, holds in told.items() if holds} | by_words
    if not found and not is_surely_news(text, title, news):
        found = {UNSURE_NEWS}
    return tuple(sorted(found))


def _is_guessed(text: ReadText, head: Claim) -> bool:
    """Is there a word of guessing in the clause of the number?"""
    reading = next((each for each in text.readings if each.sentence.start <= head.span[0] < _end(each)), None)
    if reading is None:
        return False
    start, end = (place - reading.sentence.start for place in head.span)
    guesses = (match.span() for match in text.lexicon.signals["guess"].all(reading.counted))
    between = (reading.counted[min(end, last) : max(start, first)] for first, last in guesses)
    return any(not _CLAUSE_ENDS.search(words) for words in between)


def _end(reading: Reading) -> int:
    return reading.sentence.start + len(reading.sentence.plain)


def _is_quoted(text: ReadText, index: int, kind: Kind) -> bool:
    """Does the statement of the act stand between quotation marks, with no speaker named beside it?"""
    counted = text.readings[index].counted
    signal = text.lexicon.signals["pardon" if kind is Kind.PARDON else "arrest"]
    act = signal.first(counted)
    if act is None or text.speakers.by_sentence[index]:
        return False
    before, after = counted[: act.start()], counted[act.end() :]
    quoted = len(before.rpartition('"')[2]) + len(after.partition('"')[0])
    return before.count('"') % 2 == 1 and '"' in after and quoted >= _MORE_THAN_A_WORD
