"""Acts of clemency that were there before: how many people each let go, from the list that ingest reads as well."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from services.data_files import read_shaped


class BadListOfActs(ValueError):
    """The file cannot be used. The message says where, and names no value."""


class EarlierAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture needs of an entry of `infra/known_acts.yaml`."""

    date: date
    people: int


class _Acts(msgspec.Struct, frozen=True):
    acts: tuple[EarlierAct, ...]


def load_earlier_acts(file: Path) -> tuple[EarlierAct, ...]:
    """By date. Raises BadListOfActs."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadListOfActs(f"VESTKA_KNOWN_ACTS_FILE cannot be read: {error.strerror}") from None
    acts = read_shaped(text, _Acts, "VESTKA_KNOWN_ACTS_FILE", BadListOfActs).acts
    return tuple(sorted(acts, key=lambda act: act.date))
