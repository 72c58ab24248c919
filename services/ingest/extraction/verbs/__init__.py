"""The verbs by which people are freed and taken, class by class: every form from the dictionary's, for all languages.

What one text taught of one verb so holds for every verb of its class. A class gives a lexicon these words:

| word | English | Russian, Belarusian |
|---|---|---|
| `<class_did>` | past and present | past; of an imperfective verb the present too |
| `<class_done>` | participle, as after "was" | what stands after "was": short (ru), short and long nominative (be) |
| `<class_adj>` | the same | passive participle before a noun, in every case |
| `<class_noun>` | "release", "detention" | the same in every case |
| `<class_do>` | the infinitive | the infinitive |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from services.data_files import read_packaged


class BadVerbs(ValueError):
    """A list of verbs cannot be read. The message names the verb and what to mend."""


class Forms(NamedTuple):
    """Of one verb; each a set of alternatives, none of them a pattern."""

    did: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    adj: frozenset[str] = frozenset()
    do: frozenset[str] = frozenset()


class VerbClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it stands in its file: infinitives, a participle that follows no rule behind its verb ("free: freed")."""

    verbs: list[str | dict[str, str]]
    nouns: list[str] = []


def verb_words(
    language: str, conjugate: Callable[[str, str | None], Forms], decline: Callable[[str], Iterable[str]]
) -> dict[str, str]:
    """The words that the classes of `verbs/<language>.yaml` give the lexicon. Raises BadVerbs."""
    classes = read_packaged(__name__, f"{language}.yaml", dict[str, VerbClass], BadVerbs)
    return {name: said for group, each in classes.items() for name, said in _words(group, each, conjugate, decline)}


def _words(
    group: str,
    each: VerbClass,
    conjugate: Callable[[str, str | None], Forms],
    decline: Callable[[str], Iterable[str]],
) -> Iterable[tuple[str, str]]:
    forms = [conjugate(*_lemma(verb)) for verb in each.verbs]
    for name in Forms._fields:
        yield f"{group}_{name}", _any_of(said for form in forms for said in getattr(form, name))
    yield f"{group}_noun", _any_of(said for noun in each.nouns for said in decline(noun))


def _lemma(verb: str | Mapping[str, str]) -> tuple[str, str | None]:
    return (verb, None) if isinstance(verb, str) else next(iter(verb.items()))


NO_WORD: Final = "\ue1fe"
"""Stands in no text: a class without such a form."""


def _any_of(said: Iterable[str]) -> str:
    """The longer first, since a pattern takes the first alternative that fits."""
    return "|".join(sorted(dict.fromkeys(said), key=lambda each: (-len(each), each))) or NO_WORD
