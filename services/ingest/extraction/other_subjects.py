"""The stems of `other_subjects.yaml`: of what a text speaks beside its act, and of what speaks for a fresh one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.wide_stems import AnyOf, any_of

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
    beside_the_act: AnyOf
    in_the_act: AnyOf
    in_an_arrest: AnyOf
    in_the_lead: AnyOf
    of_politics: AnyOf
    of_now: AnyOf
    to_come: AnyOf
    tense_of_now: AnyOf
    decided: AnyOf
    goes_on: AnyOf
    goes_on_freed: AnyOf
    relative: AnyOf
    by_which: AnyOf
    reported_of: AnyOf


@cache
def other_subjects() -> OtherSubjects:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "other_subjects.yaml", _Written, BadLexicon)
    return OtherSubjects(*(_all(getattr(written, name)) for name in _Written.__struct_fields__))


def _all(classes: dict[str, _Stems]) -> AnyOf:
    return any_of({f"{name} {tongue}": listed for name, of in classes.items() for tongue, listed in of.items()})
