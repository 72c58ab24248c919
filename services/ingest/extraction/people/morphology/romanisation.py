"""Writes Cyrillic given names in the Latin spellings in use: of passports, of maps, of newsrooms, and Łacinka."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SHARED: Final = dict(zip("абвдезклмнопрстуфыэ", "abvdezklmnoprstufye", strict=True))
_ENGLISH: Final = {
    **_SHARED, "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "'": "", "ъ": "",
}  # fmt: skip
_LACINKA: Final = {
    **_SHARED, "г": "h", "ж": "ž", "х": "ch", "ц": "c", "ч": "č", "ш": "š", "ў": "ŭ", "л": "ł", "й": "j", "і": "i",
    "'": "",
}  # fmt: skip

_OF_BELARUSIAN: Final = {**_ENGLISH, "г": "h", "і": "i"}
_OF_RUSSIAN: Final = {**_ENGLISH, "г": "g", "и": "i"}

_STYLES: Final = {
    "be": tuple(
        {**_OF_BELARUSIAN, "ў": w, "й": y, "я": f"{soft}a", "ё": f"{soft}o", "ю": f"{soft}u", "е": e}
        for soft, y in (("y", "y"), ("i", "i"), ("i", "y"), ("j", "j"))
        for w in ("u", "w")
        for e in ("e", f"{soft}e")
    ),
    "ru": tuple(
        {**_OF_RUSSIAN, "й": y, "я": f"{soft}a", "ё": yo, "ю": f"{soft}u"}
        for soft, y in (("y", "y"), ("i", "i"), ("y", "i"), ("i", "y"), ("j", "j"))
        for yo in ("yo", "e", "io")
    ),
}
_SOFT_LACINKA: Final = {"сь": "ś", "зь": "ź", "нь": "ń", "ць": "ć", "ль": "l"}
_IOTATED: Final = {"я": "a", "ё": "o", "ю": "u", "е": "e"}
_WITHOUT_MARKS: Final = str.maketrans("ŭłśźńćčšž", "ulsznccsz")
_VOWELS: Final = "аеёіоуыэюя'"


def romanised(name: str, language: str) -> frozenset[str]:
    """Lower-case Latin spellings of a Cyrillic name. `language` is "be" or "ru"."""
    lower = name.lower()
    found = {_by(style, lower) for style in _STYLES[language]}
    found |= {re.sub(r"(?<=[aeiouy])i(?=[aou])", "y", spelt) for spelt in found}  # Yuliya, Illya
    found |= {re.sub(r"(?:iy|ii|ij|yy|yi|yj)$", "y", spelt) for spelt in found}  # Dzmitry, Yury
    if language == "be":
        found |= set(_lacinka(lower))
    return frozenset(found)


def _by(style: dict[str, str], lower: str) -> str:
    spelt = "".join(style.get(letter, letter) for letter in lower)
    return re.sub(r"^i(?=[aeou])", "y", spelt)


def _lacinka(lower: str) -> Iterator[str]:
    for soft, letter in _SOFT_LACINKA.items():
        lower = lower.replace(soft, letter)
    spelt = "".join(_lacinka_letter(lower, place) for place in range(len(lower)))
    yield spelt
    yield spelt.translate(_WITHOUT_MARKS)


def _lacinka_letter(lower: str, place: int) -> str:
    letter = lower[place]
    if letter not in _IOTATED:
        return (
            "l" if letter == "л" and lower[place + 1 : place + 2] in {*_IOTATED, "і"} else _LACINKA.get(letter, letter)
        )
    before = lower[place - 1] if place else ""
    if not before or before in _VOWELS:
        return f"j{_IOTATED[letter]}"
    return _IOTATED[letter] if before in "лl" else f"i{_IOTATED[letter]}"
