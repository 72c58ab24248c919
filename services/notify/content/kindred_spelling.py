"""A person's name from Russian into Belarusian and back, as far as spelling alone tells: given names by the list of
`services.names`, surnames by rules. Which unstressed vowel it has is not known, so the published form stays beside it.

Rules: the official orthography of Belarusian (law of 23 July 2008, sections 8 to 17): ы and э behind hard consonants,
дз and ц for soft д and т, ў behind a vowel, -скі and -цкі.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from services.names import given_names
from services.notify.content.script import in_script_of, is_cyrillic, is_plain

_HARD: Final = "ржшчцРЖШЧЦ"
_SOFTENING: Final = "иіеёюяь"
_VOWELS: Final = "аеёиіоуыэюяАЕЁИІОУЫЭЮЯ"

_INTO_BELARUSIAN: Final = (
    (r"(?<=[сцСЦ]к)ий\b", "и"),
    (r"ый\b", "ы"),
    (rf"(?<=[{_HARD}])и", "ы"),
    (rf"(?<=[{_HARD}])е", "э"),
    (rf"т(?=[{_SOFTENING}])", "ц"),
    (rf"Т(?=[{_SOFTENING}])", "Ц"),
    (rf"д(?=[{_SOFTENING}])", "дз"),
    (rf"Д(?=[{_SOFTENING}])", "Дз"),
    (rf"(?<=[{_VOWELS}])в(?![{_VOWELS}])", "ў"),
    ("и", "і"), ("И", "І"), ("щ", "шч"), ("Щ", "Шч"), ("ъ", "'"),
)  # fmt: skip
_INTO_RUSSIAN: Final = (
    (r"(?<=[сцСЦ]к)і\b", "ий"),
    ("і", "и"), ("І", "И"), ("ў", "в"), ("Ў", "В"), ("шч", "щ"), ("Шч", "Щ"),
    (r"(?<=[жшчЖШЧ])ы", "и"),
    (r"(?<=[ржшчцРЖШЧЦ])э", "е"),
    (r"дз(?=[иеёюяь])", "д"), (r"Дз(?=[иеёюяь])", "Д"),
    (r"ц(?=[иеёюяь])", "т"), (r"Ц(?=[иеёюяь])", "Т"),
    (r"[’'ʼ]", "ъ"),
)  # fmt: skip
_RULES: Final = {"be": _INTO_BELARUSIAN, "ru": _INTO_RUSSIAN}
_LETTERS_OF: Final = {"be": re.compile("[ўі]", re.IGNORECASE), "ru": re.compile("[ищъ]", re.IGNORECASE)}
"""Letters that the other language has not."""


def person_in_script_of(name: str, language: str) -> str:
    """A person's name as the language spells it, in its letters; what is no name stays as it is."""
    if language in _RULES and is_cyrillic(name) and is_plain(name):
        name = respelt(name, language)
    return in_script_of(name, language)


def respelt(name: str, language: str) -> str:
    """`name`, written in Cyrillic, as `language` ("be" or "ru") spells it. One that is written in it stays."""
    other = "ru" if language == "be" else "be"
    known = _given(other, language)
    words = name.split(" ")
    if _LETTERS_OF[language].search(name) or not (
        _LETTERS_OF[other].search(name) or any(word in known for word in words)
    ):
        return name
    return " ".join(known.get(word) or _by_rules(word, language) for word in words)


def _by_rules(word: str, language: str) -> str:
    for written, instead in _RULES[language]:
        word = re.sub(written, instead, word)
    return word


@cache
def _given(of: str, into: str) -> dict[str, str]:
    """Full given names of one language that the other writes differently."""
    pairs = ((getattr(name, of), getattr(name, into)) for name in given_names())
    return {one[0]: other[0] for one, other in pairs if one and other and one[0] != other[0]}
