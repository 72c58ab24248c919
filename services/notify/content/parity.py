"""Do the renderings of one event carry the same numbers, names and dates in each language? Pure; nothing is repaired.

Whole texts must agree number for number. A subject may leave out a date or a place where the words of a language are
longer; an update's takes the change that there is room for, and a preheader adds what fits: of these each number and
name must stand somewhere in what every other language says.

Digits in the words of others (a charge, an operator's reason, the name of an outlet) and in dates are left out of the
count: what a stranger writes can make the check weaker, and never hold an event back. So can a language that knows no
form of a name: then the name as published is what must be there.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from babel import Locale

from services.contract import Event, Role
from services.notify.content.alerts.concerned import shown
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.openings import message_kind
from services.notify.content.languages import Language
from services.notify.content.minsk_days import day_of

PartsByLanguage = Mapping[str, Mapping[str, str]]
"""The parts of one message by language: {"en": {"subject": "…", "text": "…"}, …}."""

_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[,\u00a0\u202f][0-9]{3})+(?![0-9])|[0-9]+")
_GROUPING: Final = re.compile(r"\D")
_ADDRESS: Final = re.compile(r"https?://\S+")
"""No language says anything by it, and one may leave to a page what another writes out."""
_BREAKS: Final = re.compile(r"[\t\r\n][ \t\r\n]*| [ \t\r\n]+")
"""White space that is no single space already."""
_MARKUP: Final = re.compile(r"<(style|title)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
SHORT: Final = frozenset({"subject", "headline"})
"""Parts whose wording depends on how long it is: without dates."""
_MARKED_UP: Final = frozenset({"html"})
"""A letter's HTML begins with its preheader, so a number may stand there once more."""
ADDING: Final = frozenset({"preheader"})
"""Parts that say what there is room for."""
_OURS: Final = frozenset({"decree_number", "criminal_articles", "administrative_article", "occurred_on"})
"""Facts that are texts, and whose digits every language tells alike."""
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Disparity:
    """`languages` do not agree on what `part` says; it names no value, since it is shown and logged."""

    part: str
    what: Literal["numbers", "names", "dates"]
    languages: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.part}: not the same {self.what} in {', '.join(self.languages)}"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a text carries."""

    numbers: Counter[int]
    names: frozenset[int]
    dates: frozenset[tuple[date, bool]]
    """The days of the event that it tells, and whether with their year anywhere: a preheader may break off."""


class Parity:
    """Compares in these languages; what does not change from event to event is read once."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._brands = {code: frozenset(_brand_numbers(language)) for code, language in languages.items()}
        self._lately: tuple[Event, frozenset[str], TextReader] | None = None

    def differences(self, event: Event, texts: PartsByLanguage, *, followed: bool = False) -> tuple[Disparity, ...]:
        """Of one message of one channel and mode; none where all agree, or where there is nothing to compare.
        `followed`: its subject gives as many names of those whom the reader watches as there is room for."""
        if len(texts) < 2:
            return ()
        reader = self._reader(event, frozenset(texts))
        parts = next(iter(texts.values()))
        said = {code: {part: reader.read(code, part, text) for part, text in texts[code].items()} for code in texts}
        chosen = ADDING | (SHORT if followed or message_kind(event) is MessageKind.UPDATE else frozenset())
        comparing = ((added if part in chosen else compared)(part, said) for part in parts)
        return tuple(found for each in comparing for found in each)

    def _reader(self, event: Event, codes: frozenset[str]) -> TextReader:
        """An event's channels and modes are compared one after the other."""
        if self._lately is None or self._lately[0] is not event or self._lately[1] != codes:
            self._lately = event, codes, self.reader_of([event], codes)
        return self._lately[2]

    def reader_of(self, events: Sequence[Event], codes: frozenset[str]) -> TextReader:
        """Of a text about these events in these languages."""
        brands = frozenset[int]().union(*(self._brands[code] for code in codes))
        return TextReader(events, {code: self._languages[code] for code in sorted(codes)}, brands)


def differences(
    event: Event, texts: PartsByLanguage, languages: Mapping[str, Language], *, followed: bool = False
) -> tuple[Disparity, ...]:
    """See `Parity.differences`."""
    return Parity(languages).differences(event, texts, followed=followed)


def added(part: str, said: Mapping[str, Mapping[str, Carried]]) -> Iterator[Disparity]:
    for code in sorted(said):
        one, others = said[code][part], [_whole(parts) for other, parts in said.items() if other != code]
        if any(set(one.numbers) - set(other.numbers) for other in others):
            yield Disparity(part, "numbers", (code,))
        if any(one.names - other.names for other in others):
            yield Disparity(part, "names", (code,))


def compared(part: str, said: Mapping[str, Mapping[str, Carried]]) -> Iterator[Disparity]:
    codes, short = tuple(sorted(said)), part in SHORT
    of = {code: said[code][part] for code in codes}
    once = short or part in _MARKED_UP
    if _differ(set(one.numbers) if once else one.numbers for one in of.values()):
        yield Disparity(part, "numbers", codes)
    if _differ(one.names for one in of.values()):
        yield Disparity(part, "names", codes)
    if not short and _differ(one.dates for one in of.values()):
        yield Disparity(part, "dates", codes)


def _whole(parts: Mapping[str, Carried]) -> Carried:
    numbers, names = Counter[int](), frozenset[int]()
    for one in parts.values():
        numbers, names = numbers | one.numbers, names | one.names
    return Carried(numbers, names, frozenset())


def _differ(values: Iterable[object]) -> bool:
    first, *others = values
    return any(other != first for other in others)


class TextReader:
    """Reads a rendered text for what it carries, by what the events may have put there."""

    def __init__(self, events: Sequence[Event], languages: Mapping[str, Language], brands: frozenset[int]) -> None:
        foreign = tuple(text for event in events for text in _foreign(event))
        self._uncounted = brands.union(number for text in foreign for number in _numbers(text))
        days = {day for event in events for day in _days(event)}
        dates = {code: {day: _written_date(one.locale, day) for day in days} for code, one in languages.items()}
        told = {day for written in dates.values() for day, date in written.items() if any(map(date.search, foreign))}
        self._dates = {code: {day: written[day] for day in days - told} for code, written in dates.items()}
        self._names = {code: _forms(events, lang) for code, lang in languages.items()}

    def read(self, code: str, part: str, text: str) -> Carried:
        plain = html.unescape(_MARKUP.sub(" ", text)) if part in _MARKED_UP else text
        line = _BREAKS.sub(" ", _ADDRESS.sub(" ", plain))
        names = frozenset(who for who, forms in self._names[code] if any(form in line for form in forms))
        days, counted = set(), line
        for day, written in self._dates[code].items():
            if forms := written.findall(counted):
                days.add((day, any(str(day.year) in form for form in forms)))
                counted = written.sub(" ", counted)
        numbers = Counter(number for number in _numbers(counted) if number not in self._uncounted)
        return Carried(numbers, names, frozenset(days))


def _numbers(text: str) -> Iterator[int]:
    found = _NUMBER.findall(text)
    return (int((one if one.isdigit() else _GROUPING.sub("", one))[:30]) for one in found)


@lru_cache(maxsize=1024)
def _written_date(locale: Locale, day: date) -> re.Pattern[str]:
    """Day and month, with the year where it follows, by CLDR and not by the pattern of the language file."""
    wide = {locale.months[use]["wide"][day.month] for use in ("format", "stand-alone")}
    month = "|".join(map(re.escape, sorted(wide, key=len, reverse=True)))
    body = rf"(?:{day.day} (?:{month})|(?:{month}) {day.day}(?!\d))(?:,? {day.year}(?!\d))?"
    return re.compile(rf"(?<!\d){body}", re.IGNORECASE)


def _days(event: Event) -> set[date]:
    data = event.data
    told = [data.occurred_on, data.headline_facts.occurred_on, data.replaced_at, data.merged_at, event.time]
    told += [claim.as_of for claim in data.claims] + [source.published for source in data.sources]
    told += [claim.value for claim in data.claims if isinstance(claim.value, str) and _DATE.fullmatch(claim.value)]
    return {day for day in map(day_of, told) if day}


def _forms(events: Sequence[Event], language: Language) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Of everybody whom the message may name, the ways in which this language may write it. Those that share a form in
    any language are one, since no text tells them apart."""
    persons = (one for event in events for one in event.data.persons)
    meant = [one for one in persons if one.role is not Role.MENTIONED and one.name]
    groups: dict[str, int] = {}
    forms: dict[int, set[str]] = {}
    for person in meant:
        spellings = {person.key, person.name, *person.names.values()}
        known = sorted({groups[one] for one in spellings if one in groups})
        into = known[0] if known else len(forms)
        for other in known[1:]:
            forms[into] |= forms.pop(other)
            groups |= {one: into for one, group in groups.items() if group == other}
        groups |= dict.fromkeys(spellings, into)
        forms.setdefault(into, set()).update(_written(shown(language, person), person.name))
    return tuple((who, tuple(sorted(ways))) for who, ways in forms.items())


def _written(whole: str, published: str) -> set[str]:
    """A word alone may be part of any other, and digits are no name: they prove nothing."""
    own = whole.removesuffix(f" ({published})")
    forms = (" ".join(one.split()) for one in (own, published))
    return {form for form in forms if " " in form and not any(map(str.isdigit, form))}


def _brand_numbers(language: Language) -> Iterator[int]:
    """Names of parties have digits of their own ("Charter97"), and stand where the grammar of a language wants them."""
    for entry in language.words["parties"].values():
        yield from _numbers(entry if isinstance(entry, str) else str(entry["name"]))


def _foreign(event: Event) -> Iterator[str]:
    """Every text that somebody else wrote and that may stand in a message."""
    data = event.data
    for person in data.persons:
        yield from (person.name, *person.names.values(), *_name(person.said_by))
    for source in data.sources:
        yield from (source.name, source.claims_to_be or "", *_name(source.origin))
    for claim in data.claims:
        yield claim.said_by.name
        yield from _texts(claim.field, claim.value)
    for change in data.changes:
        yield from (*_texts(change.field, change.before), *_texts(change.field, change.after), *_name(change.said_by))
    if data.place is not None:
        yield from (data.place.name, *data.place.names.values())
    facts = data.headline_facts
    yield from (
        data.reason or "",
        *data.reason_lines.values(),
        facts.place or "",
        facts.authority or "",
        facts.charge or "",
    )


def _texts(field: str, value: object) -> Iterator[str]:
    if field in _OURS:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (item for item in value if isinstance(item, str))


def _name(party: object) -> Iterator[str]:
    name = getattr(party, "name", "")
    if name:
        yield name
