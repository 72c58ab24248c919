"""Words of one language and one half for news that nobody has written.

Every second word, frame and name of a list is kept aside (`half` 1), so that what is mended on the one half is tried on
the other.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

LANGUAGES: Final = ("en", "ru", "be")
_HERE: Final = Path(__file__).parent


Cases = tuple[str, str, str]
"""Who, of whom, whom."""


@dataclass(frozen=True)
class Group:
    """People in three cases. `value` is None where nobody can tell how many they are; `number` is m, f or several."""

    nom: str
    gen: str
    obj: str
    value: int | None
    names: tuple[str, ...] = ()
    number: int = 2


class Maker:
    """Of one language and one half of its words."""

    def __init__(self, language: str, half: int, dice: random.Random) -> None:
        self.language, self.half, self.dice = language, half, dice
        self.said: Mapping[str, Any] = yaml.safe_load((_HERE / f"{language}.yaml").read_text())

    def any(self, key: str) -> str:
        return self.dice.choice(self.half_of(key))

    def half_of(self, key: str) -> Sequence[str]:
        each: Sequence[str] = self.said[key]
        return each[self.half :: 2]

    def cases(self, written: str) -> Cases:
        """Who, of whom, whom."""
        parts = written.split("|")
        return (parts[0], parts[1], parts[2]) if len(parts) > 1 else (written, written, written)

    def some_names(self, count: int) -> list[Cases]:
        return [self.cases(each) for each in self.dice.sample(self.half_of("names"), count)]

    def number(self) -> tuple[int, Cases]:
        value = self.dice.choice(list(self.said["numbers"]))
        in_digits = self.dice.random() < 0.4
        return value, (str(value),) * 3 if in_digits else self.cases(str(self.said["numbers"][value]))

    def counted(self, value: int, said: Cases, noun: str) -> Cases:
        forms = noun.split("|")
        if self.language == "en":
            return (f"{said[0]} {forms[1]}",) * 3
        last = value % 10 if value not in range(11, 15) else 9
        several = forms[4]
        who = several if last not in (2, 3, 4) or said[0].endswith("ое") else _few(self.language, forms)
        who = f"{said[0]} {forms[0] if last == 1 and value > 1 else who}"
        whom = f"{said[2]} {forms[2] if last == 1 and value > 1 else several}"
        return who, f"{said[1]} {forms[1] if last == 1 and value > 1 else several}", whom

    def one(self, noun: str) -> Cases:
        forms = noun.split("|")
        return (_a(forms[0]),) * 3 if self.language == "en" else (forms[0], forms[1], forms[2])


def _few(language: str, forms: Sequence[str]) -> str:
    return forms[3] if language == "be" else forms[1]


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
