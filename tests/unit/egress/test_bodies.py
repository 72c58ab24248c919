"""How much of a body is held: never more than asked for, however it was packed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from services.egress import AnswerTooLarge, BadAnswer
from services.egress.bodies import WholeBody, read_into


async def in_chunks(body: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read_whole(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    body = WholeBody(max_bytes)
    body.begin(encoding)
    await read_into(body, chunks)
    body.finish()
    return bytes(body.content)


async def test_a_body_within_the_limit_is_whole() -> None:
    assert await read_whole(in_chunks(b"x" * 5000), "", 5000) == b"x" * 5000


async def test_a_body_beyond_the_limit_is_no_answer() -> None:
    with pytest.raises(AnswerTooLarge):
        await read_whole(in_chunks(b"x" * 5001), "", 5000)


async def test_a_body_that_is_zipped_nevertheless_is_unfolded() -> None:
    text = "Памілаванне. ".encode() * 400
    assert await read_whole(in_chunks(gzip.compress(text), 7), "gzip", 20_000) == text


async def test_a_body_that_unfolds_without_end_is_stopped_at_the_limit() -> None:
    with pytest.raises(AnswerTooLarge):
        await read_whole(in_chunks(gzip.compress(b"0" * 5_000_000)), "gzip", 10_000)


async def test_a_body_that_says_it_is_zipped_and_is_not_is_bad() -> None:
    with pytest.raises(BadAnswer):
        await read_whole(in_chunks(b"plain words"), "gzip", 1000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
async def test_an_encoding_nobody_asked_for_is_bad(encoding: str) -> None:
    with pytest.raises(BadAnswer):
        await read_whole(in_chunks(b"x"), encoding, 1000)


@pytest.mark.parametrize("coding", ["identity", "utf-8", "aws-chunked", "none", "binary", "utf-8, identity"])
async def test_a_coding_that_encodes_nothing_leaves_the_body_as_it_is(coding: str) -> None:
    assert await read_whole(in_chunks(b"plain"), coding, 100) == b"plain"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip", "utf-8, br"])
async def test_a_coding_that_we_do_not_read_is_a_bad_answer(coding: str) -> None:
    with pytest.raises(BadAnswer):
        await read_whole(in_chunks(b"\x00\x01"), coding, 100)


async def test_a_coding_beside_one_that_encodes_nothing_is_unfolded() -> None:
    assert await read_whole(in_chunks(gzip.compress(b"plain")), "aws-chunked, gzip", 100) == b"plain"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_a_body_in_several_members_is_read_to_its_end(size: int) -> None:
    members = gzip.compress(b"one ") + gzip.compress(b"two ") + gzip.compress(b"three")
    for padding in (b"", b"\0" * 9, b"\x1f", b"padding"):
        assert await read_whole(in_chunks(members + padding, size), "gzip", 1000) == b"one two three"


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("wbits", [zlib.MAX_WBITS, -zlib.MAX_WBITS])
async def test_deflate_is_read_with_its_wrapping_and_without(size: int, wbits: int) -> None:
    packer = zlib.compressobj(wbits=wbits)
    folded = packer.compress(b"words of an article") + packer.flush()
    assert await read_whole(in_chunks(folded, size), "deflate", 1000) == b"words of an article"
    with pytest.raises(BadAnswer):
        await read_whole(in_chunks(folded[:-6], size), "deflate", 1000)


async def test_members_together_unfold_to_no_more_than_the_caller_takes() -> None:
    with pytest.raises(AnswerTooLarge):
        await read_whole(in_chunks(gzip.compress(b"0" * 6000) * 2), "gzip", 10_000)


@pytest.mark.parametrize("missing", [1, 8, 12])
async def test_a_body_whose_end_is_missing_is_no_answer(missing: int) -> None:
    whole = gzip.compress(b"words of an article that was cut")
    for cut in (whole[:-missing], whole + whole[:-missing]):
        with pytest.raises(BadAnswer):
            await read_whole(in_chunks(cut), "gzip", 1000)
