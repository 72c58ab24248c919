"""The stems of `other_subjects.yaml`: of what a text speaks beside its act, and of what speaks for a fresh one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.wide_stems import any_of

_Stems = dict[str, list[str]]


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """`other_subjects.yaml`; its comments say what each is for."""

    beside_the_act: dict[str, _Stems]
    in_the_act: dict[str, _Stems]
    in_an_arrest: dict[str, _Stems]
    in_the_lead: dict[str, _Stems]
    of_politics: dict[str, _Stems]
    of_now: dict[str, _Stems]
    to_come: dict[str, _Stems]
    tense_of_now: dict[str, _Stems]
    decided: dict[str, _Stems]
    goes_on: dict[str, _Stems]
    goes_on_freed: dict[str, _Stems]
    relative: dict[str, _Stems]
    by_which: dict[str, _Stems]
    reported_of: dict[str, _Stems]


@dataclass(frozen=True, slots=True)
class OtherSubjects:
    beside_the_act: re.Pattern[str]
    in_the_act: re.Pattern[str]
    in_an_arrest: re.Pattern[str]
    in_the_lead: re.Pattern[str]
    of_politics: re.Pattern[str]
    of_now: re.Pattern[str]
    to_come: re.Pattern[str]
    tense_of_now: re.Pattern[str]
    decided: re.Pattern[str]
    goes_on: re.Pattern[str]
    goes_on_freed: re.Pattern[str]
    relative: re.Pattern[str]
    by_which: re.Pattern[str]
    reported_of: re.Pattern[str]


@cache
def other_subjects() -> OtherSubjects:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "other_subjects.yaml", _Written, BadLexicon)
    return OtherSubjects(*(_all(getattr(written, name)) for name in _Written.__struct_fields__))


def _all(classes: dict[str, _Stems]) -> re.Pattern[str]:
    return any_of({f"{name} {tongue}": listed for name, of in classes.items() for tongue, listed in of.items()})
