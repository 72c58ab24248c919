"""A name in letters that the reader reads: where no form of their language is stored, letter by letter.

Latin for Cyrillic follows how names of Belarus stand in English texts; Cyrillic for Latin is its reverse, for names of
Belarus in either Latin spelling. It is a help to read the published form, which stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_LATIN: Final[Mapping[str, str]] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "io", "є": "ie", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "і": "i", "ї": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
_AT_THE_START: Final = {"е": "Ye", "ё": "Yo", "є": "Ye", "ю": "Yu", "я": "Ya", "ї": "Yi", "й": "Y"}
_NAME: Final = re.compile(r"[\w .,'’ʼ«»()-]{1,200}")
"""Whatever else is text of somebody's, shown as it is written."""
_BELARUSIAN: Final = re.compile("[ўі]", re.IGNORECASE)

_CYRILLIC_RU: Final[dict[str, str]] = {
    "shch": "щ", "šč": "щ", "sh": "ш", "š": "ш", "zh": "ж", "ž": "ж", "kh": "х", "ch": "ч", "č": "ч", "tch": "ч",
    "ts": "ц", "dz": "дз", "ya": "я", "ia": "я", "ja": "я", "yu": "ю", "iu": "ю", "ju": "ю", "yo": "ё", "io": "ё",
    "jo": "ё", "ye": "е", "ie": "е", "je": "е", "ou": "ов", "ija": "ия", "ŭ": "в", "ł": "л", "ś": "сь", "ź": "зь",
    "ń": "нь", "ć": "ць", "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "г", "i": "и",
    "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т",
    "u": "у", "v": "в", "w": "в", "x": "кс", "y": "и", "z": "з",
}  # fmt: skip
_CYRILLIC_BE: Final[dict[str, str]] = _CYRILLIC_RU | {
    "shch": "шч", "šč": "шч", "ou": "оў", "au": "аў", "eu": "еў", "ija": "ія", "ŭ": "ў", "i": "і", "y": "ы",
}  # fmt: skip
_RESPELT: Final = {
    "ru": str.maketrans({"і": "и", "І": "И", "ў": "в", "Ў": "В", "’": "ъ", "'": "ъ", "ʼ": "ъ"}),
    "be": str.maketrans({"и": "і", "И": "І", "щ": "шч", "Щ": "Шч", "ъ": "'"}),
}
"""Cyrillic letters that the other of the two languages does not have."""
_BY_LANGUAGE: Final = {"ru": _CYRILLIC_RU, "be": _CYRILLIC_BE}
_ENDS: Final = {
    "ru": ((r"(?i)ia\b", "ija"), (r"(?i)s[kc]i\b", "skij"), (r"(?i)(?<=[aeou])i\b", "j")),
    "be": ((r"(?i)ia\b", "ija"), (r"(?i)(?<=[aeou])i\b", "j")),
}
"""How endings of Belarusian names sound: Maria, Tsikhanouski, Siarhei."""


def is_plain(text: str) -> bool:
    """Could it be a name, and nothing else of somebody's?"""
    return bool(_NAME.fullmatch(text))


def is_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def is_latin(text: str) -> bool:
    return any(letter.isalpha() and letter < "\u0250" for letter in text)


def in_script_of(text: str, language: str) -> str:
    """`text` in the letters of a language; as it is where it is in them already, or in neither of the two scripts."""
    if not is_plain(text):
        return text
    table = _BY_LANGUAGE.get(language)
    if table is not None:
        if is_cyrillic(text):
            return text.translate(_RESPELT[language])
        for end, sound in _ENDS[language]:
            text = re.sub(end, sound, text)
        return _in_cyrillic(text, table) if is_latin(text) else text
    return _in_latin(text) if is_cyrillic(text) else text


def brand_in_script_of(text: str, language: str) -> str:
    """As `in_script_of`, for what an outlet or a group calls itself: whoever reads Cyrillic reads Latin brands too."""
    return text if language in _BY_LANGUAGE else in_script_of(text, language)


def _in_latin(text: str) -> str:
    is_belarusian = bool(_BELARUSIAN.search(text))
    return "".join(
        _latin_letter(letter, at == 0 or not text[at - 1].isalpha(), is_belarusian) for at, letter in enumerate(text)
    )


def _latin_letter(letter: str, starts: bool, is_belarusian: bool) -> str:
    low = letter.lower()
    if low not in _LATIN:
        return letter
    if starts and low in _AT_THE_START:
        found = _AT_THE_START[low].lower()
    else:
        found = "h" if low == "г" and is_belarusian else _LATIN[low]
    return found.capitalize() if letter != low else found


def _in_cyrillic(text: str, table: Mapping[str, str]) -> str:
    longest = sorted(table.items(), key=lambda pair: -len(pair[0]))
    found, at = [], 0
    while at < len(text):
        latin, letters = next(
            ((latin, letters) for latin, letters in longest if text[at : at + len(latin)].lower() == latin),
            (text[at], text[at]),
        )
        found.append(letters.capitalize() if text[at].isupper() and letters != text[at] else letters)
        at += len(latin)
    return "".join(found)
