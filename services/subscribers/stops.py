"""Who stopped and who was erased, kept outside Redis too: a store that is lost must not bring them back.

An append-only file in the state folder, one line each: `stop`, `erase` or `resume`, and a keyed hash (HMAC-SHA-256) of
an address or a label; the last line of a hash counts. Without the key nobody learns from it who is in it, and with it
only whether an address they know already is. A line is on the disk before the stop is acknowledged.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from services.subscribers.keyring import derived
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.write_once import write_once

_COMPACT_BEYOND: Final = 1_000
"""Lines that no longer count, before the file is written anew."""
_UNUSABLE: Final = (
    "VESTKA_STATE_DIR: {folder} cannot be used ({why}), so stops and erasures are kept in Redis alone, and a store "
    "that was emptied is not noticed; name a folder that is kept and can be written to"
)
_CASELESS: Final = frozenset({"email", "telegram"})


class Said(StrEnum):
    STOP = "stop"
    ERASE = "erase"
    RESUME = "resume"


class StateFolderUnusable(Exception):
    """Nothing can be kept outside Redis. The text says why and what to do."""


class Stops:
    """`given`: the secrets outside the store that may key the hashes, the one in use first; without one, a key is made
    once in a file of `keys`."""

    def __init__(self, folder: Path, given: Iterable[bytes] = (), *, keys: Path) -> None:
        """Raises StateFolderUnusable."""
        self._file, self._lock = folder / "stops", folder / "stops.lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            os.close(_open(self._file, os.O_APPEND))
            own = _own_keys(keys / "stops.key", folder / "stops.key")
        except OSError as error:
            raise StateFolderUnusable(_UNUSABLE.format(folder=folder, why=error.strerror)) from None
        self._keys = tuple(derived(one, "stops") for one in (*given, *own))
        self._seen: tuple[tuple[int, int, int], dict[str, Said]] = ((0, 0, 0), {})

    def note(self, said: Said, subscriber: Subscriber) -> None:
        """Returns when it is on the disk. Raises OSError."""
        lines = [f"{said} {self._hashes(what)[0]}" for what in _of(subscriber)]
        with self._locked():
            _append(self._file, lines)
            self._compact()

    def honoured(self, subscriber: Subscriber) -> Subscriber | None:
        """As it may be taken into a store that does not know it: None where its label was erased; stopped where that
        stopped; and an address that somebody stopped or erased gets nothing, whatever label it comes under."""
        return self._honoured(self._read(), subscriber)

    def newest(self) -> str:
        """A hash of the last line, by which one state of the file is told from another; "" where it is empty."""
        text = self._file.read_text() if self._file.exists() else ""
        return hashlib.sha256(text.rstrip("\n").rpartition("\n")[2].encode()).hexdigest()[:16] if text else ""

    def reading(self) -> Callable[[Subscriber], Subscriber | None]:
        """`honoured` by what the file says now, for many. An import asks thousands of times: the file is read anew only
        where it is another than it was."""
        with suppress(FileNotFoundError):
            at = self._file.stat()
            state = (at.st_ino, at.st_size, at.st_mtime_ns)
            if self._seen[0] != state:
                self._seen = (state, self._read())
        known = self._seen[1]
        return lambda subscriber: self._honoured(known, subscriber)

    def _honoured(self, known: Mapping[str, Said], subscriber: Subscriber) -> Subscriber | None:
        if not known:
            return subscriber
        by_label = None if subscriber.label is None else self._said(known, _label(subscriber.label))
        if by_label is Said.ERASE:
            return None
        addresses = tuple(
            msgspec.structs.replace(one, ended="stopped") if self._is_stopped(known, one) else one
            for one in subscriber.addresses
        )
        return msgspec.structs.replace(
            subscriber, active=subscriber.active and by_label is not Said.STOP, addresses=addresses
        )

    def is_known(self, subscriber: Subscriber) -> bool:
        """Whether anything was said of its label or an address, that still counts."""
        known = self._read()
        return any(self._said(known, what) not in (None, Said.RESUME) for what in _of(subscriber))

    def _is_stopped(self, known: Mapping[str, Said], address: StoredAddress) -> bool:
        return any(self._said(known, what) in (Said.STOP, Said.ERASE) for what in _names(address))

    def _said(self, known: Mapping[str, Said], what: str) -> Said | None:
        return next((known[one] for one in self._hashes(what) if one in known), None)

    def _hashes(self, what: str) -> list[str]:
        return [hmac.digest(key, what.encode(), "sha256").hex() for key in self._keys]

    def _read(self) -> dict[str, Said]:
        return dict(_lines(self._file.read_text() if self._file.exists() else ""))

    def _compact(self) -> None:
        text = self._file.read_text()
        counting = dict(_lines(text))
        if text.count("\n") - len(counting) <= _COMPACT_BEYOND:
            return
        new = self._file.with_suffix(".new")
        with suppress(FileNotFoundError):
            new.unlink()
        _append(new, [f"{said} {what}" for what, said in counting.items()])
        new.replace(self._file)
        _sync_folder(self._file.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Between processes: what one appends another's compaction must not lose."""
        lock = _open(self._lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def open_stops(folder: Path, given: Iterable[bytes], keys: Path, warn: Callable[[str], None]) -> Stops | None:
    """None, and a warning, where there is no folder to keep them in."""
    try:
        return Stops(folder, given, keys=keys)
    except StateFolderUnusable as error:
        warn(str(error))
        return None


def trouble_with(folder: Path) -> str | None:
    """Why nothing could be kept in the folder, and what to do; None: it could. Makes nothing."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return None
    return _UNUSABLE.format(folder=folder, why="not a folder that we may write to")


def _of(subscriber: Subscriber) -> list[str]:
    """What somebody is known by."""
    labels = [] if subscriber.label is None else [_label(subscriber.label)]
    return labels + [name for address in subscriber.addresses for name in _names(address)]


def _label(label: str) -> str:
    return f"label {label}"


def _names(address: StoredAddress) -> list[str]:
    """The address as it is, and as it was given before the far side moved it."""
    fold = str.casefold if address.channel in _CASELESS else str
    targets = dict.fromkeys([address.target, address.given or address.target])
    return [f"{address.channel} {fold(one)}" for one in targets]


def _lines(text: str) -> Iterator[tuple[str, Said]]:
    """A line that a crash cut short, or that is none of ours, is passed over."""
    for line in text.split("\n")[:-1]:
        said, _, what = line.partition(" ")
        if len(what) == 64 and said in set(Said):
            yield what, Said(said)


def _append(file: Path, lines: list[str]) -> None:
    handle = _open(file, os.O_APPEND)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, "".join(["\n" if torn else "", *(f"{line}\n" for line in lines)]).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _own_keys(file: Path, before: Path) -> list[bytes]:
    """The one made up once, in use first. Earlier versions kept it beside the stops, on the disk of what it keys."""
    old = before.read_bytes() if before.exists() else None
    try:
        write_once(file, old or secrets.token_bytes(32))
    except OSError:  # keys that are mounted read-only
        write_once(before, secrets.token_bytes(32))
        return [before.read_bytes()]
    own = file.read_bytes()
    if own == old:
        before.unlink(missing_ok=True)
    return [own] if old in (None, own) else [own, old]


def _open(file: Path, flags: int = 0) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | flags, 0o600)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
