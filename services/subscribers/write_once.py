"""A small file that is written whole, for us alone, and never over another."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(file: Path, content: bytes) -> bool:
    """Whole and on the disk, for us alone; False where the file is there already, which stays. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file.exists():
        return False
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
        os.link(new, file)
    except FileExistsError:
        return False
    finally:
        os.close(handle)
        new.unlink()
    _sync_folder(file.parent)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
