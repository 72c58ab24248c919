"""A story's id in a form that can be said on a telephone: eight signs, of which the last finds a slip.

The signs are digits and letters that Latin and Cyrillic share, so it can be typed on either keyboard; none looks or
sounds like another of them (no 0 and O, 1 and I, 8 and B). The code is a keyed hash of the id: nobody else can make one
for any story, so that one which is ours shows that whoever says it has a message of ours.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from services.subscribers.keyring import derived

SIGNS: Final = "2345679ACEHKMPTXY"
"""As many as a prime, so that the check below finds every wrong sign and every two that changed places."""
_DATA: Final = 7
_HALF: Final = 4
_CYRILLIC: Final = str.maketrans("АСЕНКМРТХУ", "ACEHKMPTXY")
_PUT_BETWEEN: Final = frozenset(" -–—.\u00a0")


def code_key(secret: bytes) -> bytes:
    """What codes are made with, from the secret that stands outside the store; no key from none."""
    return derived(secret, "story code") if secret else b""


def story_code(story_id: str, key: bytes = b"") -> str:
    """ "4X7K-M2TA". `key`: see `code_key`; without one it is a sample, as where a message is only shown."""
    text = f"story code\0{story_id}".encode()
    made = hmac.digest(key, text, "sha256") if key else hashlib.sha256(text).digest()
    digest = int.from_bytes(made, "big")
    values = []
    for _ in range(_DATA):
        digest, value = divmod(digest, len(SIGNS))
        values.append(value)
    signs = "".join(SIGNS[value] for value in (*values, _check(values)))
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def read_story_code(typed: str) -> str | None:
    """The code as `story_code` writes it, from whatever somebody typed; None where it cannot be one."""
    if len(typed) > 10 * _DATA:
        return None
    bare = "".join(sign for sign in typed.upper().translate(_CYRILLIC) if sign not in _PUT_BETWEEN)
    if len(bare) != _DATA + 1 or not set(bare) <= set(SIGNS):
        return None
    values = [SIGNS.index(sign) for sign in bare]
    return f"{bare[:_HALF]}-{bare[_HALF:]}" if values[-1] == _check(values[:-1]) else None


def _check(values: list[int]) -> int:
    return sum(place * value for place, value in enumerate(values, start=2)) % len(SIGNS)
