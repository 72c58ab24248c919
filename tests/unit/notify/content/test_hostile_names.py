"""A hostile name or title reaches nobody's subject or first line unescaped, unseen or without end, in any language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contract import decode_event
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.alerts.foreign import LONGEST, LONGEST_NAME, foreign
from services.notify.content.parity import differences
from services.subscribers.address import Mode
from tests.letters import LANGUAGES, renderer_at
from tests.unit.notify.content.test_rendering import Tags, telegram_text
from tests.unit.notify.test_hostile_values import EVENTS, with_hostile_texts

RENDERER = renderer_at()
MARKUP = (
    "<b>",
    "</b>",
    "<script>x</script>",
    "&amp;",
    "&",
    '"',
    "'",
    "<a href='https://x.example/'>",
    "]]>",
    "{{ 7 }}",
    "{0}",
)
UNSEEN = (
    "\u202e",
    "\u202d",
    "\u2066",
    "\u2069",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\x00",
    "\r\n",
    "\u2028",
    "\ue000",
)
LETTERS = ("Ян", "Nowak", "ў", "א", "ع", "7", " ", "1,250")
hostile = st.lists(st.sampled_from((*MARKUP, *UNSEEN, *LETTERS)), min_size=1, max_size=12).map("".join)
endless = st.tuples(hostile, st.sampled_from("<&ўq7א\u200b")).map(lambda two: (two[0] + two[1] * 10_000)[:1900])
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200b\u2060\ufeff\u00ad\x00\r\u2028\u2029\x85")


def rendered(path: Path, text: str, mode: Mode) -> dict[str, dict[str, dict[str, str]]]:
    event = decode_event(json.dumps(with_hostile_texts(json.loads(path.read_text()), text)))
    said = {
        name: {
            code: dict(RENDERER.render(event, channel=name, parts=channel.parts, language=code, mode=mode).parts)
            for code in LANGUAGES
        }
        for name, channel in CHANNELS.items()
    }
    for texts in said.values():
        assert differences(event, texts, RENDERER.words) == ()
    return said


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(EVENTS), st.one_of(hostile, endless), st.sampled_from(("plain", "discreet")))
def test_whatever_somebody_is_called(path: Path, text: str, mode: Mode) -> None:
    said = rendered(path, text, mode)
    for code in LANGUAGES:
        letter, message, call = said["email"][code], said["telegram"][code], said["webhook"][code]
        for line in (
            letter["subject"],
            call["headline"],
            call["summary"],
            first(letter["text"]),
            first(message["plain"]),
        ):
            assert not TURNING & set(line)
            assert "\n" not in line
        assert len(letter["subject"]) <= 160
        assert len(call["headline"]) <= 160
        page = Tags(letter["html"])
        assert not {tag for tag, _ in page.tags} & {"b", "script"}
        assert all(
            attrs.get("href") in (None, STOP_URL_SLOT) or "x.example/'" not in str(attrs) for _, attrs in page.tags
        )
        telegram_text(message["html"].replace(STOP_URL_SLOT, "https://vestka.example/stop/x"))
        bare = re.sub(
            r"</?(?:b|tg-spoiler|blockquote(?: expandable)?|a(?: href=\"[^\"]*\")?)>", "", first(message["html"])
        )
        assert "<" not in bare
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;)", bare)


def first(text: str) -> str:
    return text.strip().splitlines()[0]


@given(st.text(max_size=3000), st.sampled_from((LONGEST, LONGEST_NAME)))
def test_a_foreign_text_is_one_bounded_line_without_what_cannot_be_seen(text: str, longest: int) -> None:
    told = foreign(text, longest)
    assert len(told) <= longest + 2
    assert not TURNING & set(told)
    assert "\n" not in told
    assert foreign(told.strip("\u2068\u2069"), longest).strip("\u2068\u2069") == told.strip("\u2068\u2069")


@pytest.mark.parametrize("longest", [LONGEST, LONGEST_NAME])
def test_one_too_long_is_seen_to_be_cut(longest: int) -> None:
    assert foreign("q" * 10_000, longest) == "q" * (longest - 1) + "…"
