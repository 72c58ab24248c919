"""Belarusian verbs: a table of endings, from the infinitive; a participle that changes its stem stands in the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.ingest.extraction.verbs import Forms

_PAST: Final = ("ў", "ла", "ло", "лі")
_PAST_OF_CONSONANT: Final = ("", "ла", "ло", "лі")
_AFTER_WAS: Final = ("ы", "а", "ая", "ае", "ыя")
_BEFORE_NOUN: Final = ("ы", "ага", "аму", "ым", "ая", "ай", "аю", "ую", "ае", "ыя", "ых", "ымі")
_NOUN: Final = {
    "нне": ("нне", "ння", "нню", "ннем", "нні", "нняў", "ннямі", "ннях"),
    "": ("", "у", "ам", "е", "ы", "аў", "амі", "ах"),
}
_IMPERFECTIVE: Final = ("оўваць", "юваць", "яць", "ліваць", "іраць", "скаць", "опліваць")
"""Infinitives whose present tense ends in -е and -юць."""


def conjugate(verb: str, participle: str | None) -> Forms:
    past = {stem + ending for stem, endings in _past_stems(verb) for ending in endings}
    done = participle or _participle(verb)
    return Forms(
        did=frozenset(past | set(_present(verb))),
        done=frozenset(done + ending for ending in _AFTER_WAS) if done else frozenset(),
        adj=frozenset(done + ending for ending in _BEFORE_NOUN) if done else frozenset(),
        do=frozenset({verb}),
    )


def decline(noun: str) -> Iterable[str]:
    for ending, endings in _NOUN.items():
        if noun.endswith(ending):
            return [noun.removesuffix(ending) + each for each in endings]
    return (noun,)


def _past_stems(verb: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """ "Вызваліць": "вызваліў"; "вывезці": "вывез", "вывезла"; "вывесці": "вывеў", "вывела"."""
    if verb.endswith("зці"):
        return ((verb.removesuffix("ці"), _PAST_OF_CONSONANT),)
    if verb.endswith("сці"):
        return ((verb.removesuffix("сці"), _PAST),)
    return ((verb.removesuffix("ць"), _PAST),)


def _present(verb: str) -> Iterable[str]:
    if not verb.endswith(_IMPERFECTIVE):
        return ()
    stem = verb.removesuffix("ць")
    return (f"{stem}е", f"{stem}юць")


def _participle(verb: str) -> str | None:
    """ "Затрымаць": "затрыман"; "вызваліць": "вызвален"; what softens its consonant must be told."""
    if verb.endswith("аць"):
        return verb.removesuffix("ць") + "н"
    if verb.endswith(("ліць", "ніць")):
        return verb.removesuffix("іць") + "ен"
    if verb.endswith("зці"):
        return verb.removesuffix("ці") + "ен"
    return None
