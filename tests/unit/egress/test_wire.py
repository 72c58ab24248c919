"""How an answer is read that comes in pieces: the same, wherever it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.egress.bodies import Glance, WholeBody
from services.egress.exchange import Exchange
from services.egress.wire import Hearing
from tests.conformance.sloppy import SLOPPY

Read = tuple[int, dict[str, str], bytes, type[Exception] | None]

ANSWERS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: a\r\nx-a: b\r\n\r\nabcde",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-B: b\r\n\r\n",
    b"HTTP/1.1 103 Hints\r\nX-C: c\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.0 503 Busy\r\nRetry-After: 120\r\n\r\nbusy",
]
HEADS = st.lists(
    st.tuples(st.from_regex(r"x-[a-z]{1,8}", fullmatch=True), st.from_regex(r"[!-~]{1,20}", fullmatch=True)),
    unique_by=lambda field: field[0],
    max_size=8,
)


def read(answer: bytes, cuts: list[int], whole: bool = True) -> Read:
    hearing = Hearing(WholeBody(1000) if whole else Glance(3), Exchange())
    edges = [0, *sorted(cut % (len(answer) + 1) for cut in cuts), len(answer)]
    for start, end in pairwise(edges):
        hearing.take(answer[start:end])
    if not hearing.over:
        hearing.cut(None)
    error = None if hearing.error is None else type(hearing.error)
    return hearing.status, dict(hearing.headers), bytes(hearing.body.content), error


@pytest.mark.parametrize("whole", [True, False])
@given(
    st.sampled_from(ANSWERS + [answer for answer in SLOPPY.values() if len(answer) < 1000]), st.lists(st.integers(0))
)
def test_where_an_answer_is_cut_changes_nothing(whole: bool, answer: bytes, cuts: list[int]) -> None:
    assert read(answer, cuts, whole)[:1] + read(answer, cuts, whole)[3:] == (
        read(answer, [], whole)[:1] + read(answer, [], whole)[3:]
    )
    if read(answer, [], whole)[3] is None:
        assert read(answer, cuts, whole) == read(answer, [], whole)


@given(st.integers(200, 599), HEADS, st.binary(max_size=900), st.booleans(), st.lists(st.integers(0)))
def test_what_is_well_formed_is_read_as_it_was_written(
    status: int, fields: list[tuple[str, str]], body: bytes, chunked: bool, cuts: list[int]
) -> None:
    if status in (204, 304):
        body, chunked = b"", False
    framing = "transfer-encoding: chunked" if chunked else f"content-length: {len(body)}"
    framed = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked and body else b"0\r\n\r\n" if chunked else body
    head = "\r\n".join([f"HTTP/1.1 {status} Said", framing, *(f"{name}: {value}" for name, value in fields), "", ""])
    found = read(head.encode() + framed, cuts)
    assert (found[0], found[2], found[3]) == (status, body, None)
    assert dict(fields).items() <= found[1].items()


@given(st.one_of(st.binary(max_size=300), st.sampled_from(ANSWERS)), st.binary(max_size=30), st.integers(0))
def test_nothing_that_is_said_breaks_the_reading(said: bytes, noise: bytes, at: int) -> None:
    place = at % (len(said) + 1)
    status, _, body, error = read(said[:place] + noise + said[place:], [at])
    assert error is not None or 200 <= status <= 999
    assert len(body) <= 1000


def test_a_second_answer_makes_the_connection_unfit_and_is_not_read() -> None:
    hearing = Hearing(WholeBody(100), Exchange())
    hearing.take(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert hearing.over
    assert hearing.ended_well
    hearing.take(b"HTTP/1.1 410 Gone\r\n\r\n")
    assert (hearing.status, bytes(hearing.body.content)) == (200, b"ok")
    assert not hearing.ended_well


def test_a_connection_that_is_to_be_closed_is_not_kept() -> None:
    hearing = Hearing(WholeBody(100), Exchange())
    hearing.take(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
    assert hearing.over
    assert not hearing.ended_well
