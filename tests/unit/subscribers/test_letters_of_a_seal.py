"""What is sealed is written in base32, as the library writes it."""

from __future__ import annotations

from base64 import b32encode

from hypothesis import given
from hypothesis import strategies as st

from services.subscribers.sealing import as_letters


@given(st.binary(max_size=80))
def test_letters_are_those_of_the_library(raw: bytes) -> None:
    assert as_letters(raw) == b32encode(raw).decode().rstrip("=").lower()
