"""The fields of an answer, which are read where somebody asks for one: most answers are wanted for their status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class HeardFields(Mapping[str, str]):
    """Names in lower case; what came more than once is joined with commas."""

    __slots__ = ("_raw", "_read")

    def __init__(self) -> None:
        self._raw: list[tuple[bytes, bytes]] = []
        self._read: dict[str, str] | None = None

    def add(self, name: bytes, value: bytes) -> None:
        self._raw.append((name, value))
        self._read = None

    def clear(self) -> None:
        self._raw.clear()
        self._read = None

    def __getitem__(self, name: str) -> str:
        return self._fields()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"  # none of them: they may repeat what was asked for

    def _fields(self) -> dict[str, str]:
        if self._read is None:
            self._read = {}
            for name, value in self._raw:
                key, text = name.decode("latin-1").lower(), value.decode("latin-1")
                self._read[key] = f"{self._read[key]}, {text}" if key in self._read else text
        return self._read
