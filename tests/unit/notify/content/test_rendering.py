"""What every channel gets: escaped, whole, without anything remote, and the same parts for each kind of message."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tdjson

from services.contract import Event, EventType, Status, decode_event
from services.notify.channels.base import STOP_URL_SLOT
from services.notify.content.rendering import TEMPLATES, Renderer, RenderingFailed
from services.subscribers.address import Mode
from tests.letters import LANGUAGES, renderer_at

EVENTS = Path(__file__).parents[3] / "golden" / "events"
NAMES = ("pardon", "pardon_update", "arrest", "retraction", "held", "pardon_merged", "system_test")
PARTS = {
    "email": ("subject", "preheader", "text", "html"),
    "telegram": ("html", "plain"),
    "webhook": ("headline", "summary", "changes"),
}
QUOTE = re.compile(r"</?blockquote[^>]*>")
"""The tags of what opens at a touch: the channel cuts within it, and closes and opens it again."""
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '<a href="tg://user?id=1">x</a>',
    "&lt;b&gt; &amp; &#39;",
    "{{ ''.__class__.__mro__ }}{% for x in y %}",
    "{0.__class__} %s ${7*7}",
    "name\r\nBcc: x@example.org\u2028x\x1cy",
    "a\x00b\u202ec\ue000stop-url\ue001d\udfff",
    "محمد علي",
    "* _ [x](http://evil.example) `",
)

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return renderer_at("https://vestka.example/")


def golden(name: str) -> Event:
    return decode_event((EVENTS / f"{name}.json").read_bytes())


def with_value(name: str, value: str) -> Event:
    """The event with `value` wherever a foreign text can stand."""
    event = golden(name)
    data = event.data
    persons = tuple(msgspec.structs.replace(p, name=value, names={"en": value, "ru": value}) for p in data.persons)
    sources = tuple(
        msgspec.structs.replace(s, name=value, url=f"https://x.example/{value}", language=value) for s in data.sources
    )
    claims = tuple(
        msgspec.structs.replace(c, said_by=msgspec.structs.replace(c.said_by, id=value, name=value),
                                value=value if isinstance(c.value, str) else c.value)
        for c in data.claims
    )  # fmt: skip
    place = msgspec.structs.replace(data.place, name=value, names={}) if data.place else None
    facts = msgspec.structs.replace(data.headline_facts, charge=value, place=value, authority=value)
    changed: dict[str, Any] = {
        "persons": persons,
        "sources": sources,
        "claims": claims,
        "place": place,
        "reason": value,
    }
    return msgspec.structs.replace(event, data=msgspec.structs.replace(data, headline_facts=facts, **changed))


def parts(renderer: Renderer, event: Event, language: str = "en", mode: Mode = "plain") -> dict[str, str]:
    return {
        f"{channel}.{part}": text
        for channel, wanted in PARTS.items()
        for part, text in renderer.render(
            event, channel=channel, parts=wanted, language=language, mode=mode
        ).parts.items()
    }


def telegram_text(html: str) -> str:
    """What Telegram's own parser makes of it (TDLib, parse mode HTML)."""
    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    assert answer["@type"] == "formattedText", answer.get("message")
    return str(answer["text"])


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and whether each was closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_language_is_known_by_its_file(renderer: Renderer) -> None:
    assert renderer.languages == LANGUAGES == ("be", "en", "ru")


@pytest.mark.parametrize("channel", PARTS)
def test_every_kind_of_message_has_the_same_parts(channel: str) -> None:
    kinds = {
        path.name: {file.name for file in path.iterdir()} for path in (TEMPLATES / channel).iterdir() if path.is_dir()
    }
    digest = kinds.pop("digest", set())
    assert {file.split(".")[0] for file in digest} in ([set(), set(PARTS[channel])])
    assert set(kinds) == {"alert", "update", "retraction", "hold"}
    assert kinds["alert"] == kinds["update"] == kinds["retraction"] == kinds["hold"]
    assert {file.split(".")[0] for file in kinds["alert"]} == set(PARTS[channel])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["pardon", "arrest", "retraction"])
def test_a_hostile_value_is_text_and_adds_neither_tag_nor_line(
    renderer: Renderer, name: str, value: str, language: str
) -> None:
    hostile, harmless = (parts(renderer, with_value(name, text), language) for text in (value, "harmless"))
    assert {tag for tag, _ in Tags(hostile["email.html"]).tags} <= {tag for tag, _ in Tags(harmless["email.html"]).tags}
    attributes = {key for _, attrs in Tags(hostile["email.html"]).tags for key in attrs}
    assert attributes <= {key for _, attrs in Tags(harmless["email.html"]).tags for key in attrs}
    for part in ("email.subject", "email.preheader", "webhook.headline", "webhook.summary"):
        assert hostile[part].isprintable() or "\u2068" in hostile[part]
    for part, text in hostile.items():
        assert not set("\x00\u202e\udfff\r\x1c\u2028") & set(text)
        assert text.count(STOP_URL_SLOT) == harmless[part].count(STOP_URL_SLOT)
    lines = [rendered["telegram.html"].count("\n") for rendered in (hostile, harmless)]
    assert abs(lines[0] - lines[1]) <= 1, "a first line that is too long goes on in the next"
    telegram_text(hostile["telegram.html"].replace(STOP_URL_SLOT, "https://vestka.example/stop/x"))


def test_a_hostile_name_is_shown_as_it_is_written(renderer: Renderer) -> None:
    name = "<b>{{ 7 }}</b> & 'O\""
    rendered = parts(renderer, with_value("pardon", name))
    assert name in rendered["email.text"]
    assert "&lt;b&gt;{{ 7 }}&lt;/b&gt; &amp; &#39;O&#34;" in rendered["email.html"]
    assert "&lt;b&gt;{{ 7 }}&lt;/b&gt; &amp; 'O&quot;" in rendered["telegram.html"]
    assert name in telegram_text(rendered["telegram.html"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_every_message_whole_and_line_by_line(
    renderer: Renderer, name: str, mode: Mode, language: str
) -> None:
    html = parts(renderer, golden(name), language, mode)["telegram.html"].replace(
        STOP_URL_SLOT, "https://vestka.example/s"
    )
    text = telegram_text(html)
    assert len(text.encode("utf-16-le")) // 2 < 4096
    for line in filter(None, QUOTE.sub("", html).splitlines()):
        assert telegram_text(line)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", ["plain", "discreet"])
def test_an_email_is_small_closed_marked_up_and_loads_nothing(renderer: Renderer, name: str, mode: Mode) -> None:
    html = parts(renderer, golden(name), "ru", mode)["email.html"]
    page = Tags(html)
    assert page.open == []
    assert len(html.encode()) < 100_000
    assert page.tags[0] == ("html", {"lang": "ru", "dir": "ltr"})
    assert not {"img", "script", "link", "iframe", "form", "object"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|src=", html)
    assert [tag for tag, _ in page.tags].count("h1") == 1
    data_tables = [attrs for tag, attrs in page.tags if tag == "table" and not attrs.get("role")]
    heads = [attrs["scope"] for tag, attrs in page.tags if tag == "th"]
    assert heads.count("col") == 2 * len(data_tables)
    pictures = [attrs for _, attrs in page.tags if attrs.get("role") == "img"]
    assert all(re.search(r"\d", attrs["aria-label"] or "") for attrs in pictures)


@pytest.mark.parametrize("part", ["email.text", "email.html", "telegram.html", "telegram.plain"])
@pytest.mark.parametrize("name", NAMES)
def test_the_way_to_stop_is_in_every_message(renderer: Renderer, name: str, part: str) -> None:
    assert STOP_URL_SLOT in parts(renderer, golden(name))[part]


def test_the_text_of_an_email_is_72_columns_wide_but_for_addresses(renderer: Renderer) -> None:
    lines = parts(renderer, golden("pardon"), "ru")["email.text"].splitlines()
    assert max(len(line) for line in lines if "://" not in line) <= 72


@pytest.mark.parametrize("name", ["pardon", "pardon_update", "arrest", "retraction"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_discreet_mode_a_glance_reads_the_same_words_whatever_happened(
    renderer: Renderer, name: str, language: str
) -> None:
    this, other = (glance(parts(renderer, golden(one), language, "discreet")) for one in (name, "arrest"))
    assert this == other
    assert not re.search(
        r"pardon|detain|Belarus|Viasna|помилов|задерж|Беларус|Весна|памілав|затрым|Вясна", " ".join(this)
    )


def glance(rendered: dict[str, str]) -> list[str]:
    """What a list of messages or a lock screen shows: headers, the title and the first lines."""
    title = re.search(r"<title>(.*)</title>", rendered["email.html"])
    assert title
    visible = re.sub(r"<tg-spoiler>.*?</tg-spoiler>", "", QUOTE.sub("", rendered["telegram.html"]))
    return [
        rendered["email.subject"], rendered["email.preheader"], title[1], " ".join(visible.split()),
        rendered["email.text"][:150], rendered["telegram.plain"][:150],
    ]  # fmt: skip


def test_a_discreet_message_is_the_whole_message(renderer: Renderer) -> None:
    rendered = parts(renderer, golden("pardon"), "en", "discreet")
    assert all(
        "20 people pardoned" in rendered[part]
        for part in ("email.html", "email.text", "telegram.html", "telegram.plain")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_is_said_before_anything_else(renderer: Renderer, language: str) -> None:
    event = golden("pardon")
    exercise = msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, status=Status.EXERCISE))
    rendered = parts(renderer, exercise, language)
    warning = rendered["email.text"].splitlines()[0]
    assert re.match("This is an exercise|Это учебное|Гэта вучэбнае", warning)
    assert rendered["telegram.html"].startswith(f"<b>{warning}")
    assert rendered["telegram.plain"].startswith(warning)
    assert rendered["webhook.summary"].startswith(warning)


def test_an_update_and_a_retraction_say_first_what_changed(renderer: Renderer) -> None:
    assert parts(renderer, golden("pardon_update"))["email.text"].startswith(
        "22 people were pardoned on 28 December 2024, not 20 as we wrote that"
    )
    withdrawn = parts(renderer, golden("retraction"))
    assert withdrawn["telegram.html"].startswith("<b>Not true as far as we know: nobody was pardoned on")
    assert "Women" not in withdrawn["email.html"]


@pytest.mark.parametrize("state", ["ask", "done", "unknown"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stop_page_changes_something_only_by_its_button(renderer: Renderer, state: str, language: str) -> None:
    page = Tags(renderer.page("stop", state=state, language=language))
    forms = [attrs for tag, attrs in page.tags if tag == "form"]
    assert forms == ([{"method": "post"}] if state == "ask" else [])
    assert page.open == []


def test_an_unknown_language_or_part_is_our_fault_and_named(renderer: Renderer) -> None:
    with pytest.raises(RenderingFailed, match="it has be, en, ru"):
        parts(renderer, golden("pardon"), "xx")
    with pytest.raises(RenderingFailed, match=re.escape("templates/email/alert/fax.<ending>.j2")):
        renderer.render(golden("pardon"), channel="email", parts=("fax",), language="en", mode="plain")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("line one\n{{ alert.no_such_part }}\n", "line 2: template error of type UndefinedError"),
        ("{% for %}\n", "line 1: syntax error"),
        ("{{ alert.__class__.__mro__ }}", "SecurityError"),
        ("{{ phrase('no.such') }}", "no phrase at phrases.no.such"),
        ("{{ 1 + alert.subject }}", "TypeError"),
    ],
)
def test_a_broken_template_is_named_with_its_line_and_shows_no_value(tmp_path: Path, template: str, told: str) -> None:
    (tmp_path / "languages").symlink_to(TEMPLATES / "languages")
    (tmp_path / "post" / "alert").mkdir(parents=True)
    (tmp_path / "post" / "alert" / "card.txt.j2").write_text(template, encoding="utf-8")
    with pytest.raises(RenderingFailed) as failure:
        Renderer(tmp_path, "").render(golden("pardon"), channel="post", parts=("card",), language="en", mode="plain")
    assert told in str(failure.value)
    assert str(tmp_path) not in str(failure.value)
    assert "pardoned" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_every_type_of_event_has_a_message(renderer: Renderer) -> None:
    for kind in EventType:
        assert parts(renderer, msgspec.structs.replace(golden("pardon"), type=kind))["email.subject"]
