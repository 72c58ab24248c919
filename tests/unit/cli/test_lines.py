"""Items as JSON lines: a broken one is named, and costs none of the others."""

from __future__ import annotations

import io
from datetime import datetime

import pytest

from services.cli.exits import CliExit, Code
from services.cli.lines import Line, Lines


def read(*raw: bytes) -> tuple[list[Line], Lines]:
    lines = Lines(io.BytesIO(b"\n".join(raw)))
    return list(lines), lines


def test_blank_lines_and_a_byte_order_mark_are_passed_over() -> None:
    found, lines = read(b'\xef\xbb\xbf{"id": "a", "text": "one"}', b"", b"  ", b'{"id": "b", "text": "two"}')
    assert [line.id for line in found] == ["a", "b"]
    lines.end()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{", "truncated"),
        (b'{"id": "a"}', "text"),
        (b'{"id": "a", "text": 5}', "str"),
        (b"[1]", "object"),
        (b'"\\ud800"', "object"),
        (b'{"id": "a", "text": "\xff"}', "UTF-8"),
        (b'{"id": "a", "text": "x", "published": "yesterday"}', "published 'yesterday'"),
        (b"[" * 100_000, "object"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(
    raw: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, lines = read(b'{"id": "a", "text": "one"}', raw, b'{"id": "c", "text": "three"}')
    assert [line.id for line in found] == ["a", "c"]
    said = capsys.readouterr().err
    assert said.startswith("vestka: line 2: ")
    assert why in said
    with pytest.raises(CliExit) as ended:
        lines.end()
    assert ended.value.code is Code.USAGE


def test_half_a_surrogate_pair_costs_one_character_and_not_the_line() -> None:
    found, lines = read(b'{"id": "a", "text": "before \\ud800 after"}')
    assert found == [Line("a", "before \ufffd after")]
    lines.end()


def test_a_time_without_an_offset_is_minsks() -> None:
    moments = [line.moment() for line in read(b'{"id":"a","text":"x","published":"2024-12-28T23:30"}')[0]]
    assert moments == [datetime.fromisoformat("2024-12-28T23:30+03:00")]
