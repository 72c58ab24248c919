"""Tells the whole from its share: of "14 of the 52 pardoned" the act touched 52, of "two of four were freed" two."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import msgspec

from services.data_files import read_packaged
from services.fact_table import WHOLES
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.read_sentence import Reading


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    joint: str
    pardoned: str
    detained: str


def touched(quantity: Quantity, reading: Reading, language: str, field: str) -> Quantity:
    """Where the number is a share or its whole, the one of the two that the act touched that `field` counts; else the
    number itself. Of "two of the four detained were released" two were released, and four detained."""
    if len(reading.quantities) < 2:
        return quantity
    plain, said = reading.sentence.plain, _patterns()[language]
    of_act = said[field]
    for share, whole in pairwise(reading.quantities):
        if quantity not in (share, whole) or share.value >= whole.value:
            continue
        if said["joint"].fullmatch(plain, share.end, whole.start):
            return whole if of_act.match(plain, whole.end) else share
    return quantity


def compile_shares() -> None:
    """Before the first article. Raises BadLexicon."""
    _patterns()


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "shares.yaml", dict[str, _Written], BadLexicon)
    try:
        return {code: _compiled(said) for code, said in written.items()}
    except re.error as error:
        raise BadLexicon(f"shares.yaml: {error}") from error


def _compiled(said: _Written) -> dict[str, re.Pattern[str]]:
    words = {name: getattr(said, name) for name in ("joint", *WHOLES)}
    return {name: re.compile(body.replace("~", r"\w*"), re.IGNORECASE) for name, body in words.items()}
