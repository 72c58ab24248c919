"""Who says whether a DKIM signature holds: a reading of RFC 6376 apart from ours, and two programs where installed."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PublicKey = RSAPublicKey | Ed25519PublicKey
HAS_DKIMPY = importlib.util.find_spec("dkim") is not None
OPENDKIM = shutil.which("opendkim") or shutil.which("opendkim", path="/usr/sbin")


def record(key: PublicKey) -> bytes:
    """As it stands in DNS."""
    if isinstance(key, RSAPublicKey):
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def signatures(letter: bytes) -> list[bytes]:
    return [value for name, value in fields(letter) if name == b"dkim-signature"]


def fields(letter: bytes) -> list[tuple[bytes, bytes]]:
    head = letter.split(b"\r\n\r\n", 1)[0] + b"\r\n"
    found = re.findall(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)\r\n", head)
    return [(name.lower(), value) for name, value in found]


def tags_of(signature: bytes) -> dict[str, str]:
    text = re.sub(r"\s", "", signature.decode())
    return dict(tag.split("=", 1) for tag in text.split(";"))


def holds(letter: bytes, signature: bytes, key: PublicKey) -> bool:
    """c=relaxed/simple, read anew from the RFC."""
    tags = tags_of(signature)
    body = letter.split(b"\r\n\r\n", 1)[1]
    body = re.sub(rb"(\r\n)*\Z", b"", body) + b"\r\n"
    if tags["c"] != "relaxed/simple" or base64.b64decode(tags["bh"]) != hashlib.sha256(body).digest():
        return False
    left = fields(letter)
    said = b"".join(_taken(left, name.encode()) for name in tags["h"].split(":"))
    emptied = re.sub(rb"(;\s*b=)[^;]*", rb"\1", signature)
    said += b"dkim-signature:" + _squeezed(emptied)
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(base64.b64decode(tags["b"]), said, PKCS1v15(), SHA256())
        else:
            key.verify(base64.b64decode(tags["b"]), hashlib.sha256(said).digest())
    except InvalidSignature:
        return False
    return True


def _taken(left: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The last of that name that is not taken yet; nothing where there is none."""
    for at in range(len(left) - 1, -1, -1):
        if left[at][0] == name.lower():
            return name.lower() + b":" + _squeezed(left.pop(at)[1]) + b"\r\n"
    return b""


def _squeezed(value: bytes) -> bytes:
    return re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()


def others_say(letter: bytes, selector: str, domain: str, key: PublicKey, folder: Path) -> Iterator[tuple[str, bool]]:
    """What each program that is installed here says of the letter's first signature."""
    if HAS_DKIMPY:
        import dkim  # noqa: PLC0415

        yield "dkimpy", bool(dkim.verify(letter, dnsfunc=lambda name, timeout=5: record(key)))
    if OPENDKIM is not None and isinstance(key, RSAPublicKey):
        yield "OpenDKIM", _opendkim(letter, selector, domain, key, folder)


def _opendkim(letter: bytes, selector: str, domain: str, key: PublicKey, folder: Path) -> bool:
    (folder / "keys").write_bytes(f"{selector}._domainkey.{domain}\t".encode() + record(key) + b"\n")
    (folder / "conf").write_text(f"Mode v\nTestPublicKeys {folder}/keys\nRequireSafeKeys no\n")
    (folder / "letter").write_bytes(letter)
    asked = [str(OPENDKIM), "-x", str(folder / "conf"), "-t", str(folder / "letter")]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return "verification (s=" in answer.stdout + answer.stderr and "succeeded" in answer.stdout + answer.stderr
