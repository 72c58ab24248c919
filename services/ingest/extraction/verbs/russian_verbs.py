"""Russian verbs: every form that the dictionary has."""

from __future__ import annotations

from collections.abc import Iterable

from services.ingest.extraction.russian_words import forms
from services.ingest.extraction.verbs import BadVerbs, Forms


def conjugate(verb: str, participle: str | None) -> Forms:
    """`participle` is never needed, and not looked at."""
    del participle
    told = [(word.replace("ё", "е"), tags) for word, tags in forms(verb, "INFN")]
    if not told:
        raise BadVerbs(f"verbs: the Russian dictionary knows no verb {verb!r}; mend its spelling")
    past = {word for word, tags in told if {"VERB", "past"} <= tags}
    present = {word for word, tags in told if {"VERB", "pres", "3per"} <= tags}
    passive = [(word, tags) for word, tags in told if "pssv" in tags and "past" in tags]
    return Forms(
        did=frozenset(past | present),
        done=frozenset(word for word, tags in passive if "PRTS" in tags),
        adj=frozenset(word for word, tags in passive if "PRTF" in tags),
        do=frozenset({verb}),
    )


def decline(noun: str) -> Iterable[str]:
    return {word.replace("ё", "е") for word, _ in forms(noun, "NOUN")}
