"""What a folder of templates lacks, by name: phrases, forms of number, entries of tables, slots, and what templates ask
for. Nothing is rendered here; whether the languages say the same of an event, `parity` tells.

English is the measure, since it is what a reader gets whose own language lacks something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, Final

from services.notify.content.languages import (
    Language,
    LanguageFault,
    load_language,
    plural_categories,
    words_of_pages,
    written_in,
)

MEASURE: Final = "en"

_CATEGORIES: Final = frozenset({"zero", "one", "two", "few", "many", "other"})
_TABLES: Final = ("parties", "counts", "authorities", "detention_sites", "regions", "articles")
_ALIKE: Final = ({"parties", "genitive"}, {"counted", "counted_genitive"}, {"people", "number"})
"""Slots of which a language takes the one that its grammar wants."""
_ASKED: Final = re.compile(r"""\bphrase\(\s*(["'])(?P<key>[\w.]+)\1\s*(?P<more>~)?""")
_SPOKEN: Final = "phrases."


def faults(templates: Path) -> Iterator[str]:
    """A line for each thing that is not right, with its file and key; none where all is well."""
    languages = {}
    for code in written_in(templates):
        try:
            languages[code] = load_language(templates / "languages" / f"{code}.yaml", words_of_pages(templates, code))
        except LanguageFault as fault:
            yield str(fault)
    measure = languages.get(MEASURE)
    if measure is None:
        yield f"templates/languages: no {MEASURE}.yaml, which is written where a reader's language lacks something"
        return
    for language in languages.values():
        yield from _of_language(language, measure)
    yield from _of_places([language for language in languages.values() if language.wheres])
    yield from _asked_for(templates, measure)


def phrases_of(language: Language) -> dict[str, Any]:
    """Every phrase by its dotted key: a text, or one for each form of number."""
    found: Any = language.words.get("phrases")
    return dict(_leaves(found)) if isinstance(found, Mapping) else {}


def _of_language(language: Language, measure: Language) -> Iterator[str]:
    file, ours, theirs = f"templates/languages/{language.code}.yaml", phrases_of(language), phrases_of(measure)
    yield from (f"{file}: lacks {_SPOKEN}{key}" for key in sorted(theirs.keys() - ours.keys()))
    yield from (f"{file}: has {_SPOKEN}{key}, which {MEASURE} lacks" for key in sorted(ours.keys() - theirs.keys()))
    for key, phrase in ours.items():
        yield from (f"{file}: {_SPOKEN}{key} {wrong}" for wrong in _of_phrase(language, phrase))
        if key in theirs and _slots(phrase) != _slots(theirs[key]):
            asked = ", ".join(sorted(_slots(theirs[key]) ^ _slots(phrase)))
            yield f"{file}: {_SPOKEN}{key} has other slots than in {MEASURE}: {asked}"
    for table in _TABLES:
        have, want = (_entries(one, table) for one in (language, measure))
        yield from (f"{file}: lacks {table}.{key}" for key in sorted(want - have))
        yield from (f"{file}: has {table}.{key}, which {MEASURE} lacks" for key in sorted(have - want))


def _of_places(languages: Sequence[Language]) -> Iterator[str]:
    """Of the languages in which a place changes in a sentence: each has all that any of them has."""
    for kind in ("places", "regions"):
        want = {key for language in languages for key in language.wheres.get(kind) or {}}
        for language in languages:
            have = (language.wheres.get(kind) or {}).keys()
            for key in sorted(want - have):
                yield f"templates/languages/places/{language.code}.yaml: lacks {kind}.{key}"


def _of_phrase(language: Language, phrase: Any) -> Iterator[str]:
    if isinstance(phrase, Mapping):
        needed = plural_categories(language.locale)
        yield from (f"lacks the form {form!r}" for form in sorted(needed - phrase.keys()))
        yield from (f"has a form {form!r} that the language has not" for form in sorted(phrase.keys() - needed))
    texts = phrase.values() if isinstance(phrase, Mapping) else [phrase]
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            yield "is no text"
        elif "!" in text:
            yield "raises its voice"


def _entries(language: Language, table: str) -> set[str]:
    found: Any = language.words.get(table)
    return {str(key) for key in found} if isinstance(found, Mapping) else set()


def _slots(phrase: Any) -> frozenset[str]:
    """What a phrase is filled with, over all its forms; of slots that are alike the first in order."""
    texts = phrase.values() if isinstance(phrase, Mapping) else [phrase]
    named = {slot for text in texts if isinstance(text, str) for _, slot, _, _ in Formatter().parse(text) if slot}
    for alike in _ALIKE:
        if named & alike:
            named = (named - alike) | {min(alike)}
    return frozenset(named)


def _asked_for(templates: Path, measure: Language) -> Iterator[str]:
    known = phrases_of(measure).keys()
    for file in sorted(templates.rglob("*.j2")):
        for found in _ASKED.finditer(file.read_text(encoding="utf-8")):
            key = found["key"]
            there = any(one.startswith(key) for one in known) if found["more"] else key in known
            if not there:
                yield f"templates/{file.relative_to(templates).as_posix()}: asks for {_SPOKEN}{key}, which nobody has"


def _leaves(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in node.items():
        here = f"{path}.{key}".lstrip(".")
        if isinstance(inner, Mapping) and not set(inner) <= _CATEGORIES:
            yield from _leaves(inner, here)
        else:
            yield here, inner
