"""The small dialect in which the lexicons write patterns, and the masks that stand for what was found before.

A space stands for any white space, `~` for the rest of a word, `…` for at most 60 characters of the same clause and
`<word>` for an entry of the lexicon's `words`. `{n}` is a number with its hedge, `{o}` an ordinal, `{date}` a date,
`{party}` a party, `{name}` one name, `{names}` one or several near one another, `{list}` several with words between.
All else is a regular expression. A pattern matches whole words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

HEDGE: Final = "\ue101"
NUMBER: Final = "\ue100"
ORDINAL: Final = "\ue102"
DATE: Final = "\ue103"
PARTY: Final = "\ue104"
NAME: Final = "\ue105"

_PLACEHOLDERS: Final = {
    "{n}": f"(?P<n>{HEDGE}*+{NUMBER}++)",
    "{o}": f"(?P<o>{ORDINAL}++)",
    "{date}": f"{DATE}++",
    "{party}": f"(?P<party>{PARTY}++)",
    "{name}": f"(?P<names>{NAME}++)",
    "{names}": f"(?P<names>{NAME}++(?:[^.;!?{NAME}]{{1,40}}?{NAME}++)*+)",
    "{list}": f"(?P<names>{NAME}++(?:[^.!?{NAME}]{{1,150}}?{NAME}++)*+)",
}


class BadLexicon(ValueError):
    """A lexicon's pattern cannot be read. The message names the pattern and what to mend."""


def compile_pattern(written: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """Raises BadLexicon."""
    body = _expand(written, words, depth=5)
    for placeholder, meaning in _PLACEHOLDERS.items():
        body = body.replace(placeholder, meaning)
    body = body.replace("…", r"[^.;!?]{0,60}?").replace("~", r"\w*").replace(" ", r"\s+")
    try:
        return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise BadLexicon(f"pattern {written!r} is no regular expression after expansion: {error}") from None


def compile_all(written: Iterable[str], words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(compile_pattern(pattern, words) for pattern in written)


def _expand(written: str, words: Mapping[str, str], depth: int) -> str:
    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in words or depth == 0:
            raise BadLexicon(f"pattern {written!r} uses <{name}>: add it to `words`, without a circle")
        return f"(?:{_expand(words[name], words, depth - 1)})"

    # `(?P<n>…)` is a group's name and no macro.
    return re.sub(r"(?<!\?P)<(\w+)>", replacement, written)


def masked(plain: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """The sentence with every span overwritten by as many marks, so that offsets hold."""
    for start, end in spans:
        plain = plain[:start] + mark * (end - start) + plain[end:]
    return plain


def any_match(patterns: Iterable[re.Pattern[str]], sentence: str) -> re.Match[str] | None:
    """The first match of the first pattern that has one."""
    return next((match for pattern in patterns if (match := pattern.search(sentence))), None)
