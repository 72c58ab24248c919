"""A text that is cut once for all says to each reader what it would say if it were cut for them."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.base import STOP_URL_SLOT
from services.notify.channels.telegram.bot_text import split
from services.notify.channels.telegram.composed_text import ComposedText
from tests.conformance.samples import rendered

links = st.one_of(
    st.builds("https://x.example/stop/{}".format, st.text("abcXYZ019-._~?%+,@=/:", min_size=1, max_size=80)),
    st.sampled_from(["", "https://x.example/?a=1&b=2", "https://x.example/a b", "https://x.example/\ue002"]),
)
lines = st.one_of(
    st.text("abc ж<&>\U0001f300\ue002", max_size=60).map(html.escape),
    st.sampled_from(
        ["<b>bold</b>", f'<a href="{STOP_URL_SLOT}">stop</a>', f"stop: {STOP_URL_SLOT}", "x" * 4090, "word " * 900]
    ),
)


def alone(text: str, link: str) -> tuple[str, ...]:
    return split(text.replace(STOP_URL_SLOT, html.escape(link)).strip())


@given(st.lists(lines, max_size=8).map("\n".join), st.lists(links, min_size=1, max_size=4))
def test_whatever_it_says_and_whoever_reads_it(text: str, some: list[str]) -> None:
    composed = ComposedText(rendered("en", html=text))
    for link in some:
        assert composed.markup(link) == alone(text, link)


@pytest.mark.parametrize("before", range(4000, 4110, 7))
def test_a_link_in_sight_that_a_cut_would_go_through(before: int) -> None:
    text = "x" * before + STOP_URL_SLOT + "y" * 300
    composed = ComposedText(rendered("en", html=text))
    for link in ("https://x.example/stop/" + "a" * 40, "https://x.example/stop/" + "b" * 40):
        assert composed.markup(link) == alone(text, link)
