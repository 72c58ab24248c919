"""The parts of a letter, held against what the standard library writes of the same texts."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import EmailPolicy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.channels.email.mime_body import FIELDS_OF_ONE, FIELDS_OF_TWO, alone, alternative

LIBRARY = EmailPolicy(linesep="\r\n", cte_type="7bit")
PIECES = st.sampled_from(["a", " ", "\t", "=", "=20", ".", "\n", "\r\n", "\r", "é", "П", "—", "\u2028", "x" * 25])
TEXTS = st.lists(PIECES, max_size=150).map("".join) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))
BOUNDARIES = st.integers(1, 80).map(lambda length: "=_" + "b" * length)


@given(TEXTS, TEXTS, BOUNDARIES)
@example("é" + "x" * 76 + " ", "é" + "x" * 75 + "\t", "=_b")
@example("", "", "=_of another=form")
def test_both_parts_are_byte_for_byte_the_librarys(text: str, html: str, boundary: str) -> None:
    body = EmailMessage(policy=LIBRARY)
    body.set_content(text)
    body.add_alternative(html, subtype="html")
    body.set_boundary(boundary)
    assert alternative(text, html, boundary) == body.as_bytes()
    assert list(FIELDS_OF_TWO) == body.keys()


@given(TEXTS)
def test_a_text_alone_is_byte_for_byte_the_librarys(text: str) -> None:
    body = EmailMessage(policy=LIBRARY)
    body.set_content(text)
    assert alone(text) == body.as_bytes()
    assert list(FIELDS_OF_ONE) == body.keys()


@pytest.mark.parametrize("end", ["", " ", "\t", "=", "é"])
def test_a_line_of_any_length_is_read_as_it_was_written(end: str) -> None:
    for length in range(60, 170):
        text = "é\n" * 12 + "x" * length + end + "\nlast\n"
        read = message_from_bytes(alone(text), policy=policy.default)
        assert isinstance(read, EmailMessage)
        assert read.get_content().splitlines() == text.splitlines()
