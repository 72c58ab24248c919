"""The given names of `given_names.yaml`: which forms are one name, in which language, and whose sex they tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import msgspec

from services.data_files import read_packaged

Sex = Literal["m", "f"]

_SEXES: Final[tuple[tuple[Literal["men", "women"], Sex], ...]] = (("men", "m"), ("women", "f"))


class BadNames(ValueError):
    """The data file of given names does not fit. The message says where."""


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    be: str
    ru: str
    en: str


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    men: list[_Row]
    women: list[_Row]


@dataclass(frozen=True, slots=True)
class GivenName:
    """One name in its forms; the first of a language is the full one. `others` are Latin ones, and Ukrainian."""

    sex: Sex
    be: tuple[str, ...]
    ru: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return (*self.be, *self.ru, *self.others)


@cache
def given_names() -> tuple[GivenName, ...]:
    """In the order of the file. Raises BadNames."""
    written = read_packaged(__package__, "given_names.yaml", _Written, BadNames)
    return tuple(
        GivenName(sex, tuple(row.be.split()), tuple(row.ru.split()), tuple(row.en.split()))
        for group, sex in _SEXES
        for row in getattr(written, group)
    )
