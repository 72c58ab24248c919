"""Telegram's HTML, side by side with TDLib's own parser, which is what the Bot API server calls."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
import tdjson

from services.demo.bot_entities import Entity, Parsed
from services.demo.bot_html import UnparsableMarkup, parse_html

_TDLIB_TYPES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "text_link": "TextUrl", "text_mention": "MentionName",
    "blockquote": "BlockQuote", "expandable_blockquote": "ExpandableBlockQuote", "custom_emoji": "CustomEmoji",
    "date_time": "DateTime",
}  # fmt: skip

SAMPLES = [
    "",
    "plain",
    "<b>20 people</b> &amp; <i>no names</i>",
    "<strong>x</strong><em>y</em><ins>z</ins>",
    "<STRIKE>x</strike>",
    "<b>never closed",
    "<b><i>x</b></i>",
    "x</b>",
    "</",
    "<b>x</ b>",
    "<b>x</>",
    "<b>x</b   >",
    "<b>x</b",
    "<b",
    "<",
    "< b>x</b>",
    "fewer < than",
    "more > than",
    "a & b",
    "<br>",
    "<p>x</p>",
    "<ul><li>x</li></ul>",
    "<h1>x</h1>",
    "<!-- x -->",
    "<img src='x'>",
    "&lt;&gt;&amp;&quot;&apos;&nbsp;&laquo;",
    "&lt",
    "&ltx;",
    "&LT;",
    "&;",
    "&#;",
    "&#x;",
    "&#65;&#x42;&#X43;",
    "&#0000065;",
    "&#000000065;",
    "&#128512;",
    "&#1114110;",
    "&#1114111;",
    "&#0;",
    "&#xD800;",
    "&#xD83D;&#xDE00;",
    "<a href='https://vestka.example/a?b=1&amp;c=2#d'>x</a>",
    "<a href=https>x</a>",
    "<a href=vestka.example>x</a>",
    "<a href=https://vestka.example>x</a>",
    "<a>vestka.example</a>",
    "<a>nowhere</a>",
    "<a href=''>vestka.example</a>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='mailto:a@vestka.example'>x</a>",
    "<a href='http://localhost/'>x</a>",
    "<a href='HTTPS://Vestka.Example/Ab'>x</a>",
    "<a href='ftp://vestka.example'>x</a>",
    "<a href='tg://user?id=1'>x</a>",
    "<a href='tg://resolve?domain=x'>x</a>",
    "<a href='http://vestka.example:99999/'>x</a>",
    "<a href='http://[::1]/a'>x</a>",
    "<a href='https://вясна.example/навіны'>навіны</a>",
    "<a href='https://vestka.example'>x<a href='b.example'>y</a></a>",
    "<span class='tg-spoiler'>x</span>",
    "<span class='other'>x</span>",
    "<span>x</span>",
    "<tg-spoiler>x</tg-spoiler>",
    "<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>",
    "<tg-emoji>x</tg-emoji>",
    "<tg-emoji emoji-id='0'>x</tg-emoji>",
    "<blockquote>x</blockquote>",
    "<blockquote expandable>x</blockquote>",
    "<blockquote cite='' expandable=no>x</blockquote>",
    "<pre>x</pre>",
    "<pre><code class='language-python'>x</code></pre>",
    "<code class='language-python'><pre>x</pre></code>",
    "<pre><code>x</code></pre>",
    "<code class='language-python'>x</code>",
    "<pre> <code class='language-python'>x</code></pre>",
    "<b =1>x</b>",
    "<b a",
    "<b ",
    "<b a=",
    "<b a=1",
    "<b a=1,>x</b>",
    "<b a='>x</b>",
    "<b a/>x</b>",
    "<b/>x",
    "<b\n>x</b>",
    "<b></b>",
    "😀<b>😀 &lt;😀</b>",
    "Ўсё <i>добра</i> 👨‍👩‍👧",
    "<b>a</b><b>b</b>",
    "<i><b>x</b></i>",
    "<code>a<b>c</b></code>",
    "a\x00b",
    "<b\x00>x</b>",
]


def _by_tdlib(html: str) -> Any:
    asked = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = json.loads(tdjson.td_execute(json.dumps(asked).encode()) or b"{}")
    if answer["@type"] == "error":
        return answer["message"]
    entities = [(e["offset"], e["length"], e["type"]["@type"], e["type"].get("url")) for e in answer["entities"]]
    return answer["text"], entities


def _by_us(html: str) -> Any:
    try:
        parsed = parse_html(html)
    except UnparsableMarkup as error:
        return f"Can't parse entities: {error}"
    return parsed.text, [(e.offset, e.length, _tdlib_type(e), e.url) for e in parsed.entities]


def _tdlib_type(entity: Entity) -> str:
    if entity.type == "pre":
        return "textEntityTypePreCode" if entity.language else "textEntityTypePre"
    return "textEntityType" + _TDLIB_TYPES[entity.type]


@pytest.fixture(autouse=True, scope="module")
def _tdlib_is_silent() -> None:
    tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


@pytest.mark.parametrize("html", SAMPLES)
def test_text_entities_and_errors_are_those_of_tdlib(html: str) -> None:
    assert _by_us(html) == _by_tdlib(html)


def test_so_they_are_for_two_thousand_random_strings_of_tags() -> None:
    tags = re.findall(r"\S+", "<b> </b> <i> </i> </> </a> <pre> </pre> <code> </code> <blockquote> </blockquote>")
    odd = re.findall(r"\S+", "&lt; & &#128512; < > / = я 😀 b")
    long = ["<a href='b.example/?a&amp;c'>", "<code class='language-x'>", "<b a=1", '"', " ", "\n"]
    pieces = [*tags, *odd, *long]
    dice = random.Random(28)
    for _ in range(2000):
        html = "".join(dice.choices(pieces, k=dice.randint(1, 8)))
        assert _by_us(html) == _by_tdlib(html), html


def test_half_a_surrogate_pair_is_no_utf_8() -> None:
    with pytest.raises(UnparsableMarkup, match="UTF-8"):
        parse_html("\ud800")


def test_white_space_round_a_message_goes_and_the_entities_move_with_it() -> None:
    parsed = parse_html("\n <b>\n20 people</b> and <i>more </i>\n").trimmed()
    assert parsed == Parsed("20 people and more", (Entity("bold", 0, 9), Entity("italic", 14, 4)))


def test_an_entity_of_nothing_but_dropped_white_space_is_dropped() -> None:
    assert parse_html("<b> </b>x").trimmed() == Parsed("x")
