"""In which line of a file each subscriber came last, at a few bytes each: a file may have millions of lines."""

from __future__ import annotations

from array import array
from typing import Final

_TOGETHER: Final = 4096
"""Numbers of subscribers, which are dense wherever there are any."""


class LastLines:
    def __init__(self) -> None:
        self._blocks: dict[int, array[int]] = {}

    def put(self, number: int, line: int) -> int | None:
        """The line in which the subscriber came before, if any."""
        at, place = divmod(number, _TOGETHER)
        block = self._blocks.get(at)
        if block is None:
            block = self._blocks[at] = array("Q", bytes(8 * _TOGETHER))
        before, block[place] = block[place], line
        return before or None
