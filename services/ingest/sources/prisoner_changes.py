"""Two readings of one list of prisoners compared: who is newly held, who no longer is, who died."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from services.ingest.sources.base import Listed, SourceTrouble
from services.ingest.sources.prisoner_rows import ACTIVE, FORMER, NOT_RECOGNISED, PrisonerRow

_HELD: Final = frozenset({ACTIVE, NOT_RECOGNISED})
_MOST_KEPT: Final = 20_000_000
"""Bytes unfolded: a list of some 5,000 people has a tenth of a million."""
_FEW: Final = 20
"""Rows by which a list of any size may grow or shrink."""


class RowMark(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a row, to compare the next list with."""

    status: str
    died: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    row: PrisonerRow
    listed: Listed


def pack(rows: Mapping[str, PrisonerRow]) -> bytes:
    """The list as it is kept, compressed."""
    return zlib.compress(msgspec.json.encode({key: RowMark(row.status, row.died) for key, row in rows.items()}))


def unpack(kept: bytes) -> dict[str, RowMark]:
    """Empty for nothing, and for what cannot be read: then the next list counts as the first."""
    if not kept:
        return {}
    try:
        unfolded = zlib.decompressobj().decompress(kept, _MOST_KEPT)
        return msgspec.json.decode(unfolded, type=dict[str, RowMark])
    except (zlib.error, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def distrust(before: Mapping[str, RowMark], rows: Mapping[str, PrisonerRow], most_gone: float, most_new: float) -> None:
    """Raises SourceTrouble where the list cannot be a later state of the one before: shares from 0 to 1."""
    gone, new = len(before.keys() - rows.keys()), len(rows.keys() - before.keys())
    for count, share, what in ((gone, most_gone, "vanished"), (new, most_new, "are new")):
        if before and count > max(_FEW, share * len(before)):
            raise SourceTrouble(
                "jump",
                f"{count} of {len(before)} people {what} at once: the list is broken or was numbered anew, and nothing "
                "was taken from it; look at it, and if it is right, let 'vestka source forget' take it as the first",
            )


def changes(before: Mapping[str, RowMark], rows: Mapping[str, PrisonerRow]) -> Iterator[RowChange]:
    """Nothing for a first list: whoever stands on it was held before we looked."""
    for key, row in rows.items():
        if before and (listed := _change(before.get(key), row)):
            yield RowChange(row, listed)


def _change(before: RowMark | None, row: PrisonerRow) -> Listed | None:
    if row.died:
        return None if before is None or before.died else _listed("died", row)
    if before is None:
        # Those not recognised may be at home (a fine, a search): only a date says that they were detained.
        is_held = row.status == ACTIVE or (row.status == NOT_RECOGNISED and row.arrested is not None)
        return _listed("detained", row) if is_held else None
    if before.status in _HELD and row.status == FORMER:
        return _listed("released", row)
    return None


def _listed(change: str, row: PrisonerRow) -> Listed:
    return Listed(
        change=change,  # type: ignore[arg-type]
        name=row.name,
        recognised=row.status != NOT_RECOGNISED,
        since=row.arrested,
        articles=row.articles,
    )
