"""When the usual rendering fails, the facts go out as a plain text: whole enough, escaped, and discreet where asked."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from services.contract import Event, EventType, Status, decode_event
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT, Channel, Rendered
from services.notify.content.plain_facts import plain_words
from services.notify.content.render_cache import RenderCache, RenderingsDiffer
from services.notify.content.rendering import TEMPLATES, Renderer, RenderingFailed
from services.subscribers.address import MODES, Mode
from tests.letters import LANGUAGES, renderer_at
from tests.unit.notify.content.test_rendering import golden, telegram_text
from tests.unit.notify.test_hostile_values import EVENTS, with_hostile_texts

RENDERER = renderer_at()
MARKUP = "<b onclick=x>{{ 7 }}</b> & \u202e\u200b\u2066" + "q" * 10_000


class OneEmail:
    name = "email"
    parts = ("subject", "preheader", "text", "html")
    languages = "reader"
    personal = True

    def compose(self, _event: Event, rendered: Any, _mode: Mode) -> Any:
        return rendered


CHANNEL: Channel = OneEmail()  # type: ignore[assignment]


def plain(event: Event, language: str = "en", mode: Mode = "plain", renderer: Renderer = RENDERER) -> dict[str, str]:
    found = {}
    for name, channel in {**CHANNELS, "email": OneEmail}.items():
        told = renderer.plain(event, channel=name, parts=channel.parts, language=language, mode=mode)
        found.update({f"{name}.{part}": text for part, text in told.parts.items()})
    return found


def broken(folder: Path, language: str) -> Renderer:
    """One language whose headline has a slot that nobody fills."""
    shutil.copytree(TEMPLATES, folder / "templates")
    path = folder / "templates" / "languages" / f"{language}.yaml"
    words = yaml.safe_load(path.read_text("utf-8"))
    words["phrases"]["headline"]["whole"] = "{act} {no_such_slot}"
    path.write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
    return renderer_at(templates=folder / "templates")


def test_there_are_words_for_every_language_we_write_in() -> None:
    words = plain_words()
    assert set(words) == set(LANGUAGES)
    for one in words.values():
        assert set(one.kinds) == set(words["en"].kinds)
        assert all(msgspec.to_builtins(one).values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_event_can_be_told_in_every_part(path: Path, mode: Mode, language: str) -> None:
    told = plain(decode_event(path.read_bytes()), language, mode)
    assert all(text.strip() for text in told.values())
    for part in ("email.text", "email.html", "telegram.html", "telegram.plain"):
        assert STOP_URL_SLOT in told[part]
    telegram_text(told["telegram.html"].replace(STOP_URL_SLOT, "https://vestka.example/stop/x"))


def test_it_says_number_date_and_who_says_so_and_where_it_was_read() -> None:
    told = plain(golden("arrest"))["email.text"]
    assert told.startswith("Update: Detentions in Belarus: 14 / 12\n")
    assert "Detained: 14 (КГБ); 12 («Вясна»)" in told
    assert "Date: 28 December 2024" in told
    assert "https://belta.example/view/1" in told


def test_a_hedge_stays_a_hedge() -> None:
    assert "Died in custody: ≥ 7" in plain(golden("pardon"))["telegram.plain"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_retraction_it_tells_no_fact(language: str) -> None:
    told = plain(golden("retraction"), language)
    assert plain_words()[language].retraction in told["email.text"]
    for text in told.values():
        assert "11" not in text
        assert "207" not in text


@pytest.mark.parametrize("mode", MODES)
def test_a_test_is_said_to_be_one(mode: Mode) -> None:
    event = golden("pardon")
    exercise = msgspec.structs.replace(event, data=msgspec.structs.replace(event.data, status=Status.EXERCISE))
    for one in (exercise, msgspec.structs.replace(event, type=EventType.SYSTEM_TEST)):
        assert plain_words()["en"].practice in plain(one, mode=mode)["telegram.plain"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_discreet_mode_a_glance_reads_the_same_words_whatever_happened(language: str) -> None:
    this, other = (plain(golden(name), language, "discreet") for name in ("pardon", "arrest"))
    for part in ("email.subject", "email.preheader"):
        assert this[part] == other[part]
    for part in ("email.text", "telegram.html", "telegram.plain"):
        assert this[part].splitlines()[0] == other[part].splitlines()[0] == plain_words()[language].neutral
    shown = [line for line in this["telegram.html"].splitlines() if line and "spoiler" not in line]
    assert shown[0] == plain_words()[language].neutral
    assert all("stop" in line for line in shown[1:])


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_what_others_wrote_is_escaped_cleaned_and_cut(path: Path, mode: Mode) -> None:
    event = decode_event(json.dumps(with_hostile_texts(json.loads(path.read_text()), MARKUP[:2000])))
    told = plain(event, mode=mode)
    assert "b" not in Tags(told["email.html"]).found
    assert "onclick=x>" not in told["telegram.html"]
    for text in told.values():
        assert not {"\u202e", "\u200b", "\u2066"} & set(text)
    for part in ("email.subject", "email.preheader", "webhook.headline", "webhook.summary"):
        assert "\n" not in told[part]
    assert len(told["email.subject"]) < 700


def test_a_language_that_fails_goes_out_as_plain_facts_and_the_others_as_usual(tmp_path: Path) -> None:
    cache, event = RenderCache(broken(tmp_path, "be")), golden("pardon")
    assert plain_words()["be"].notice in cache.of(event, CHANNEL, "be", "plain")["be"].parts["text"]
    usual = RENDERER.render(event, channel="email", parts=OneEmail.parts, language="en", mode="plain")
    assert cache.of(event, CHANNEL, "en", "plain")["en"].parts["subject"] == usual.parts["subject"]
    failures = cache.take_failures()
    assert failures == {event.id: "templates/languages/be.yaml: phrases.headline.whole wants 'no_such_slot', not given"}
    assert cache.take_failures() == {}
    cache.put_back(failures)
    assert cache.take_failures() == failures


def test_what_even_that_cannot_tell_is_a_failure_of_its_language_alone(tmp_path: Path) -> None:
    class Mute(Renderer):
        def plain(self, event: Event, **how: Any) -> Rendered:
            raise RenderingFailed("nothing to be said")

    broken(tmp_path, "be")
    cache = RenderCache(Mute(tmp_path / "templates", ""))
    with pytest.raises(RenderingFailed, match="no_such_slot"):
        cache.of(golden("pardon"), CHANNEL, "be", "plain")
    assert cache.of(golden("pardon"), CHANNEL, "en", "plain")["en"].parts["subject"]


def test_languages_that_differ_go_out_in_none(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    path = tmp_path / "templates" / "languages" / "be.yaml"
    path.write_text(path.read_text("utf-8").replace('exact: "{counted}"', 'exact: "77"'), "utf-8")
    cache = RenderCache(renderer_at(templates=tmp_path / "templates"))
    for language in LANGUAGES:
        with pytest.raises(RenderingsDiffer, match="numbers in be, en, ru"):
            cache.of(golden("pardon"), CHANNEL, language, "plain")
    assert cache.differing(golden("pardon"), CHANNEL)
    assert cache.take_failures() == {}
