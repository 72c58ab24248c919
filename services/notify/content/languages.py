"""The words of one language: phrases, plurals, dates, numbers and the names of those who say things.

All of it is data in `templates/languages/<code>.yaml`; a new language is one more such file. Plural categories are
those of the Unicode CLDR (https://cldr.unicode.org/index/cldr-spec/plural-rules), as Babel knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from babel import Locale
from babel.core import UnknownLocaleError

from services.contract import Party
from services.data_files import read_yaml
from services.notify.content import formatting
from services.notify.content.minsk_days import day_of
from services.notify.content.phrases import WORDS_MEET, Phrases
from services.notify.content.phrases import LanguageFault as LanguageFault
from services.notify.content.script import brand_in_script_of

_NOT_OF_A_NAME: Final = re.compile("[«»“”„\"’']")

_DEEPEST_COUNT: Final = 201
"""Every plural rule of CLDR for whole numbers shows all its categories below this."""
_PARSED: Final = 128
"""Files whose parse is remembered; there are some fifty."""


@dataclass(frozen=True, slots=True)
class Named:
    """A party's name in the two shapes that sentences need; languages without cases have the same twice."""

    name: str
    genitive: str
    many: bool = False
    """Its verb is in the plural: "rights defenders say"."""


@dataclass(frozen=True, slots=True)
class Language:
    """One loaded language file. Its methods raise LanguageFault for a key that is not there."""

    code: str
    locale: Locale
    date_pattern: str
    words: Mapping[str, Any] = field(repr=False)
    wheres: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """See `where`; none in a language that says "in" and the name."""
    party_ids: Mapping[str, str] = field(repr=False, default_factory=dict)
    """Ids of the parties that some language has a name for, by each of their names; see `_as_looked_up`."""
    _phrases: Phrases = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_phrases", Phrases(self.code, self.words["phrases"]))

    def phrase(self, key: str, **values: str) -> str:
        """The phrase at a dotted key with `{name}` slots filled; a value is never read as a pattern."""
        return self._phrases.filled(key, values)

    def plural(self, key: str, count: int, **values: str) -> str:
        """As `phrase`, in the plural form for `count`; `{number}` is the count in this language's digits."""
        form = formatting.plural_form(count, self.locale)
        return self._phrases.in_form(key, form, {"number": self.number(count), **values})

    def ordinal(self, number: int) -> str:
        """ "8th", in the form that the language has for it (CLDR)."""
        leaf = self.words["ordinal"]
        if isinstance(leaf, Mapping):
            leaf = leaf.get(str(self.locale.ordinal_form(number)))
        return self._phrases.fill("ordinal", leaf, {"number": self.number(number)})

    def number(self, value: int) -> str:
        return formatting.number(value, self.locale)

    def date(self, text: str | None) -> str | None:
        """An RFC 3339 date or time as a date in full, in Minsk; None for what is no such date."""
        day = day_of(text)
        return None if day is None else formatting.day(day, self.date_pattern, self.locale)

    def listed(self, items: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        joined = formatting.enumeration(tuple(items), style, self.locale)
        meet = WORDS_MEET.get(self.code)
        return meet(joined, list(_starts(joined, items))) if meet and items else joined

    def language_name(self, code: str) -> str:
        """ "English", "английский"; a code that CLDR does not know stays as it is."""
        return str(self.locale.languages.get(code, code))

    def party(self, party: Party) -> Named:
        """The party in this language where the file knows its id; otherwise its name as published."""
        known = self.known_party(self.party_id(party.id, party.name))
        if known is not None:
            return known
        published = brand_in_script_of(party.name, self.code) or self.phrase("nameless_source")
        key = f"unknown_party.{party.party_class}"
        return Named(self.phrase(f"{key}.name", name=published), self.phrase(f"{key}.genitive", name=published))

    def party_id(self, party_id: str, name: str) -> str:
        """The id under which the party is known, by its id or by any of its names; else the id as it is."""
        if party_id in self.words["parties"]:
            return party_id
        return self.party_ids.get(_as_looked_up(name), party_id)

    def knows_name(self, name: str) -> bool:
        """Is it what some language calls a party?"""
        return _as_looked_up(name) in self.party_ids

    def outlet(self, name: str) -> str:
        """What a source is called: in this language where a file knows it ("submitted"), else as it calls itself, in
        letters that its readers read."""
        known = self.known_party(name)
        return known.name if known else brand_in_script_of(name, self.code) or self.phrase("nameless_source")

    def country(self, code: str) -> str:
        """An ISO 3166 alpha-2 code in words; what CLDR does not know stays as it is."""
        return str(self.locale.territories.get(code.upper(), code))

    def relayed(self, name: str, through: str | None) -> str:
        """A party's name, with the outlet that quotes it where there is one."""
        return self._through("relayed", through, name=name) if through else name

    def quoted(self, said: str, through: str | None) -> str:
        """What is said, with the outlet that quotes it at its end where there is one."""
        return self._through("headline.quoted_by", through, said=said) if through else said

    def _through(self, key: str, outlet: str, **values: str) -> str:
        """The verb agrees with the outlet: "state media" are several."""
        known = self.known_party(self.party_id(outlet, outlet))
        return self.plural(key, 2 if known and known.many else 1, outlet=self.outlet(outlet), **values)

    def voices(self, key: str, parties: Sequence[Party], through: str | None = None, **values: str) -> str:
        """A phrase about who speaks: `{parties}` and `{genitive}` are their names, the verb agrees with them.
        `through`: the outlet that quotes them."""
        named = list(dict.fromkeys(self.party(party) for party in parties))
        count = 2 if len(named) == 1 and named[0].many else len(named)
        names, genitives = self.listed([one.name for one in named]), self.listed([one.genitive for one in named])
        quoted = {"parties": self.relayed(names, through), "genitive": self.relayed(genitives, through)}
        return self.plural(key, count, **quoted, **values)

    def said(self, key: str, parties: Sequence[Party], through: str | None = None, **values: str) -> str:
        """As `voices`, with the outlet that quotes them at the end of what they say."""
        return self.quoted(self.voices(key, parties, **values), through)

    def spoken(self, key: str, voices: Sequence[tuple[Party, str | None]], **values: str) -> str:
        """As `voices`, each party with the outlet that quotes it."""
        named = [(self.party(party), through) for party, through in voices]
        names = self.listed([self.relayed(one.name, through) for one, through in named])
        genitives = self.listed([self.relayed(one.genitive, through) for one, through in named])
        return self.plural(key, max(2, len(named)), parties=names, genitive=genitives, **values)

    def known_party(self, party_id: str) -> Named | None:
        entry = self.words["parties"].get(party_id)
        if entry is None:
            return None
        return Named(entry, entry) if isinstance(entry, str) else Named(**entry)

    def entry(self, table: str, key: str) -> str | None:
        """A line of one of the file's tables (`regions`, `articles`, `authorities`, `counts`), or None."""
        found: str | None = self.words[table].get(key)
        return found

    def where(self, kind: Literal["places", "regions"], key: str) -> str | None:
        """ "в Гродно", "у Гомельскай вобласці": a town by its English name or a region by its id, with its preposition,
        as it stands in a sentence; None where `templates/languages/places/` does not know it."""
        return self.wheres.get(kind, {}).get(key)


def _starts(joined: str, items: Sequence[str]) -> Iterator[int]:
    at = 0
    for item in items:
        at = joined.index(item, at)
        yield at
        at += len(item)


def plural_categories(locale: Locale) -> frozenset[str]:
    """The categories that whole numbers take in a language: {"one", "few", "many"} in Russian."""
    return frozenset(str(locale.plural_form(count)) for count in range(_DEEPEST_COUNT))


def written_in(templates: Path) -> tuple[str, ...]:
    """The languages that messages and pages are written in: the one list, which everything else asks."""
    return tuple(sorted(path.stem for path in (templates / "languages").glob("*.yaml")))


def words_of_pages(templates: Path, language: str) -> list[Path]:
    """The files of what our public pages say in a language."""
    return sorted((templates / "pages" / "words" / language).glob("*.yaml"))


def load_language(path: Path, of_pages: Sequence[Path] = ()) -> Language:
    """Reads one language file, and of those beside it what they call parties. `of_pages`: files of phrases for pages;
    that of `x.yaml` stand at `door.x`.

    Raises LanguageFault when one is no such file.
    """
    try:
        own, rooms = _read(path), {file.stem: _read(file) for file in of_pages}
        phrases = own["phrases"]
        words = {**own, "phrases": {**phrases, "door": {**phrases.get("door", {}), **rooms}}} if rooms else own
        wheres = path.parent / "places" / path.name
        in_places = _read(wheres) if wheres.exists() else {}
        party_ids = dict(_party_ids(path.parent))
        return Language(path.stem, Locale.parse(words["locale"]), words["date"], words, in_places, party_ids)
    except (yaml.YAMLError, UnknownLocaleError, KeyError, TypeError, ValueError) as error:
        raise LanguageFault(f"templates/languages/{path.name} is no language file: {error}") from None


def _read(file: Path) -> Any:
    return _parsed(file.read_text(encoding="utf-8"))


@lru_cache(_PARSED)
def _parsed(text: str) -> Any:
    """Nobody changes it: each language asks the files of all, and every renderer of a process those of the last."""
    return read_yaml(text)


def _party_ids(folder: Path) -> Iterator[tuple[str, str]]:
    """Of ids that share a name the first stands, so it comes last."""
    for file in sorted(folder.glob("*.yaml")):
        for party_id, entry in reversed(_read(file)["parties"].items()):
            for name in [entry] if isinstance(entry, str) else [entry["name"], entry["genitive"]]:
                yield _as_looked_up(name), party_id


def _as_looked_up(name: str) -> str:
    """Without quotation marks, the article and capitals."""
    return _NOT_OF_A_NAME.sub("", name.casefold()).strip().removeprefix("the ")
