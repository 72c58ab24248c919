"""The keys of the subscribers' store, in a folder that is not in the store: one small file each, for us alone.

    lookup.key       keys the hashes by which the store finds somebody; never changed
    wrapping-1.key   wraps the data keys of the records; the one with the highest number is in use
    link.key         what `keyring` made up, where no VESTKA_LINK_KEY is given

A line says what the key is for and which it is, so that a file cut short, changed or swapped is known as such.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from services.subscribers.keyring import derived
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.write_once import write_once

Purpose = Literal["lookup", "wrapping"]
_KEY_BYTES: Final = 32
_LOOKUP: Final = "lookup.key"
_BEGUN: Final = ".begun"
_WRAPPING: Final = re.compile(r"wrapping-([1-9][0-9]{0,5})\.key", re.ASCII)
_LINE: Final = re.compile(r"vestka-key-1:(lookup|wrapping):([0-9a-f]{8}):([A-Za-z0-9_-]{43})=?\s*", re.ASCII)


@dataclass(frozen=True)
class WrappingKey:
    """`place`: the number in the file's name."""

    place: int
    raw: bytes = field(repr=False)

    @cached_property
    def id(self) -> bytes:
        """Four bytes that tell it from others, and nothing of it."""
        return _id_of(self.raw)

    def for_wrapping(self) -> bytes:
        """64 bytes."""
        return derived(self.raw, "wrapping")


@dataclass(frozen=True)
class StoreKeys:
    """`wrapping`: the one in use first."""

    lookup: bytes = field(repr=False)
    wrapping: tuple[WrappingKey, ...]

    @property
    def current(self) -> WrappingKey:
        return self.wrapping[0]

    @property
    def lookup_mark(self) -> str:
        return _id_of(self.lookup).hex()

    def by_id(self, key_id: bytes) -> WrappingKey | None:
        return next((one for one in self.wrapping if one.id == key_id), None)


@dataclass(frozen=True)
class _There:
    """`begun`: whoever makes the two keys is not done, or died over it; so nothing was ever sealed with one of them."""

    places: list[int]
    lookup: bool
    begun: bool

    @property
    def half(self) -> bool:
        return bool(self.places) != self.lookup

    @property
    def nothing(self) -> bool:
        return not (self.places or self.lookup) or (self.half and self.begun)

    @property
    def lost(self) -> str | None:
        """The file that is missing beside another."""
        if self.begun or not self.half:
            return None
        return _LOOKUP if self.places else _name(1)


class KeyFolder:
    """`folder` need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at: tuple[int, int] | None = None
        self._known: StoreKeys | None = None

    def now(self) -> StoreKeys:
        """Those of this moment: a key that another process added is seen. Raises UnusableKeys.

        What was read once goes on being used when the files are taken away, as from a memory stick that is pulled out.
        """
        at = self._changed_at()
        if self._known is None:
            known = self.read()
            if known is None:
                raise UnusableKeys(f"VESTKA_KEYS_DIR: {self.folder} holds no keys; put them back there")
            self._known, self._read_at = known, at
        elif at is not None and at != self._read_at:
            with suppress(UnusableKeys):
                self._known = self.read() or self._known
            self._read_at = at
        return self._known

    def read(self) -> StoreKeys | None:
        """None where there is not one key. Raises UnusableKeys."""
        there = self._there()
        if there.half:
            with self._alone():  # until another process has made them
                there = self._there()
        if there.lost:
            raise UnusableKeys(f"{self.folder / there.lost}: it is missing while other keys are there; put it back")
        if there.nothing:
            return None
        wrapping = tuple(WrappingKey(place, self._key(_name(place), "wrapping")) for place in there.places)
        return StoreKeys(self._key(_LOOKUP, "lookup"), wrapping)

    def make(self) -> StoreKeys:
        """Those that are missing. What is there stays: of two who make them at once, one's are taken.

        Raises UnusableKeys.
        """
        with self._making():
            there = self._there()
            if there.nothing:
                write_once(self.folder / _BEGUN, b"")
            self._write(_LOOKUP, "lookup")
            if not there.places:
                self._write(_name(1), "wrapping")
            (self.folder / _BEGUN).unlink(missing_ok=True)
        return self.now()

    def add_wrapping(self) -> StoreKeys:
        """A new one, in use from now on. Raises UnusableKeys."""
        with self._making():
            self._write(_name(max(self._places(), default=0) + 1), "wrapping")
        return self.now()

    def trouble(self) -> str | None:
        """Why keys could not be made here; None: they could, or are there. Makes nothing. Raises UnusableKeys."""
        if self.read() is not None:
            return None
        there = next(one for one in (self.folder, *self.folder.parents) if one.exists())
        if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
            return None
        return f"VESTKA_KEYS_DIR: {self.folder} is no folder that we may write to"

    def _there(self) -> _There:
        places = sorted(self._places(), reverse=True)
        return _There(places, (self.folder / _LOOKUP).exists(), (self.folder / _BEGUN).exists())

    @contextmanager
    def _making(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._alone():
                yield
        except OSError as error:
            raise UnusableKeys(
                f"VESTKA_KEYS_DIR: no key can be made in {self.folder} ({error.strerror}); name a folder of ours that "
                "is kept, and is on another disk than the store"
            ) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process makes keys here; a folder that knows no such locks (NFS) goes without."""
        handle = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _places(self) -> Iterator[int]:
        try:
            for file in self.folder.iterdir():
                if found := _WRAPPING.fullmatch(file.name):
                    yield int(found[1])
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise UnusableKeys(f"VESTKA_KEYS_DIR: {self.folder} cannot be read ({error.strerror})") from None

    def _changed_at(self) -> tuple[int, int] | None:
        """None while the folder is away."""
        with suppress(OSError):
            of_folder = self.folder.stat()
            return of_folder.st_mtime_ns, of_folder.st_ino
        return None

    def _key(self, name: str, purpose: Purpose) -> bytes:
        file = self.folder / name
        try:
            line = _LINE.fullmatch(file.read_text(errors="replace"))
        except OSError as error:
            raise UnusableKeys(f"{file}: the key cannot be read ({error.strerror})") from None
        raw = b"" if line is None else urlsafe_b64decode(line[3] + "=")
        if line is None or line[1] != purpose or _id_of(raw).hex() != line[2]:
            raise UnusableKeys(f"{file}: it is no {purpose} key, or was cut short or changed; put a copy of it back")
        return raw

    def _write(self, name: str, purpose: Purpose) -> None:
        raw = secrets.token_bytes(_KEY_BYTES)
        line = f"vestka-key-1:{purpose}:{_id_of(raw).hex()}:{urlsafe_b64encode(raw).decode().rstrip('=')}\n"
        write_once(self.folder / name, line.encode())


def _name(place: int) -> str:
    return f"wrapping-{place}.key"


def _id_of(raw: bytes) -> bytes:
    return derived(raw, "id")[:4]
