"""Certificates for tests, and Debian's gpg as the judge of what is encrypted to them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pysequoia

GPG = shutil.which("gpg")
NO_GPG = "gpg is not installed: 'apt-get install gnupg' has it"
NOW = 1_735_380_900.0
"""28 December 2024, when the sample event happened. Certificates of tests are younger, and have no end unless one is
given."""


def new_key(**wanted: object) -> pysequoia.Tsk:
    return pysequoia.Tsk.generate("A reader <reader@mail.example.org>", **wanted)  # type: ignore[arg-type]


def certificate_of(key: pysequoia.Tsk) -> bytes:
    return bytes(key.extract_certificate())


def decrypted(message: bytes, key: pysequoia.Tsk) -> bytes:
    clear = pysequoia.decrypt(bytes=message, decryptor=key.decryptor()).bytes
    assert clear is not None
    return clear


@dataclass(frozen=True, slots=True)
class Gpg:
    """A key ring of its own, in a folder whose name is short enough for the agent's socket."""

    home: Path

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        quiet = ("--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "")
        command = [str(GPG), "--homedir", str(self.home), *quiet, *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    def make(self, name: str, *kind: str, at: str = "") -> bytes:
        """A key, and its certificate. `at`: as if made then."""
        clock = ("--faked-system-time", f"{at}!") if at else ()
        self.run(*clock, "--quick-gen-key", name, *kind)
        return self.certificate(name)

    def add(self, name: str, *kind: str, at: str = "") -> bytes:
        """A subkey to it."""
        clock = ("--faked-system-time", f"{at}!") if at else ()
        self.run(*clock, "--quick-add-key", self.fingerprint(name), *kind)
        return self.certificate(name)

    def certificate(self, name: str) -> bytes:
        return self.run("--export", name)

    def fingerprint(self, name: str) -> str:
        lines = self.run("--with-colons", "--list-keys", name).decode().splitlines()
        return next(line for line in lines if line.startswith("fpr")).split(":")[9]

    def decrypt(self, message: bytes) -> bytes:
        return self.run("--decrypt", given=message)


@contextmanager
def gpg_home() -> Iterator[Gpg]:
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        gpg = Gpg(Path(folder))
        try:
            yield gpg
        finally:
            subprocess.run(["gpgconf", "--homedir", folder, "--kill", "gpg-agent"], check=False, capture_output=True)
