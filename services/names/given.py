"""The given names of `given_names.yaml` and `rare_names.yaml`: which forms are one name, in which language, and of
which sex."""

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
    """By which texts are searched for people, in the order of the file. Raises BadNames."""
    return _read("given_names.yaml")


@cache
def forms_of_given_names() -> frozenset[str]:
    """Of all of those, as the file writes them. Raises BadNames."""
    return frozenset(form for name in given_names() for form in name.forms)


@cache
def every_given_name() -> tuple[GivenName, ...]:
    """And those that only a name is held against. Raises BadNames."""
    return (*given_names(), *_read("rare_names.yaml"))


def _read(path: str) -> tuple[GivenName, ...]:
    written = read_packaged(__package__, path, _Written, BadNames)
    return tuple(
        GivenName(sex, tuple(row.be.split()), tuple(row.ru.split()), tuple(row.en.split()))
        for group, sex in _SEXES
        for row in getattr(written, group)
    )
