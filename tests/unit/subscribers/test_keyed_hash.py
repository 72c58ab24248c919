"""Our HMAC is the library's."""

import hmac

import pytest

from services.subscribers.keyed_hash import KeyedHash


@pytest.mark.parametrize("key", [b"", b"k", b"k" * 32, b"k" * 64, b"k" * 65, bytes(range(200))], ids=len)
@pytest.mark.parametrize("text", [b"", b"a text", b"a longer text " * 50], ids=len)
def test_it_says_what_the_library_says_and_again_the_same(key: bytes, text: bytes) -> None:
    keyed = KeyedHash(key)

    assert [keyed.of(text), keyed.of(b"another"), keyed.of(text)] == [
        hmac.digest(key, one, "sha256") for one in (text, b"another", text)
    ]
