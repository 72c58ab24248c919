"""`make gallery`: one static page of every message, language, mode and channel, for people who edit templates."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from services.contract import Event
from services.demo.bot_bubble import formatted
from services.demo.bot_html import parse_html
from services.demo.html_tags import Html, html, tag
from services.demo.letter_frame import Scheme, in_scheme
from services.notify.assembly import renderer_of
from services.notify.channels import CHANNELS
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.channels.telegram.bot_text import split
from services.notify.content.alerts.followed import named_now
from services.notify.content.example_events import example_events
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.rendering import Renderer
from services.notify.schema_prints import example_body
from services.notify.settings import NotifySettings
from services.subscribers.address import Mode

_STOP: Final = "https://alerts.vestka.example/stop/example"
_ABROAD: Final = "Europe/Warsaw"
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_SHOTS: Final[tuple[tuple[str, Scheme, int], ...]] = (("phone", "light", 390), ("phone-dark", "dark", 390))
_PAGE_HEIGHT: Final = 3000
_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1500px; padding: 1rem; color: #1f2933; }
.message { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 1rem; align-items: start; }
.words { white-space: pre-wrap; background: #f1f4f7; border-radius: 12px; padding: .8rem 1rem;
  overflow-wrap: anywhere; }
.words blockquote { margin: .2rem 0; padding: 0 .6rem; border-left: 3px solid #4b6782; }
.spoiler { background: #d9dee3; border-radius: 3px; }
iframe, img { width: 100%; border: 1px solid #d9dee3; } iframe { height: 900px; }
img { max-height: 900px; object-fit: cover; object-position: top; }
pre { overflow: auto; white-space: pre-wrap; max-height: 900px; font-size: 13px; background: #f1f4f7; padding: .8rem; }
"""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A message in one language and mode, on every channel."""

    name: str
    event: Event
    language: str
    mode: Mode
    view: ReaderView = EVERYBODY

    @property
    def title(self) -> str:
        whose = " · to somebody in Warsaw who follows whom it names" if self.view.watched else ""
        return f"{self.name} · {self.event.type} · {self.language} · {self.mode}{whose}"

    @property
    def stem(self) -> str:
        return f"{self.name}.{self.language}.{self.mode}{'.followed' if self.view.watched else ''}"


def exhibits(renderer: Renderer) -> Iterator[Exhibit]:
    for name, event in example_events().items():
        for language in renderer.languages:
            for mode in get_args(Mode):
                yield Exhibit(name, event, language, mode)
                if first := next((person.key for person in named_now(event)), None):
                    view = ReaderView(_ABROAD, frozenset({first}))
                    yield Exhibit(name, event, language, mode, view)


def make_gallery(folder: Path, renderer: Renderer, browser: str | None, names: Collection[str] = ()) -> Path:
    """Writes the page and what it shows into the folder; pictures where there is a browser to take them. `names`: of
    examples; none: all."""
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    wanted = [one for one in exhibits(renderer) if not names or one.name in names]
    sections = [_section(one, folder, renderer, browser) for one in wanted]
    contents = tag("ul", *(tag("li", tag("a", one.title, href=f"#{one.stem}")) for one in wanted))
    head = tag("head", Html('<meta charset="utf-8">'), tag("title", "Messages of Vestka"), tag("style", Html(_STYLE)))
    about = f"Templates {renderer.version}. Made of examples; nothing here was sent."
    body = tag("body", tag("h1", "Messages of Vestka"), tag("p", about), contents, *sections)
    page = folder / "index.html"
    page.write_text("<!doctype html>\n" + tag("html", head, body, lang="en"), encoding="utf-8")
    return page


def _section(one: Exhibit, folder: Path, renderer: Renderer, browser: str | None) -> Html:
    letter, chat = (_rendered(one, renderer, channel) for channel in ("email", "telegram"))
    shown = _letter(one, letter, folder, browser)
    bubbles = (tag("div", _bubble(piece), class_="words", dir="auto") for piece in split(chat.parts["html"].strip()))
    call = tag("pre", json.dumps(example_body(one.event, renderer), ensure_ascii=False, indent=1), tabindex="0")
    return tag(
        "section",
        tag("h2", one.title, id=one.stem),
        tag("p", tag("b", letter.parts["subject"])),
        tag("div", shown, tag("pre", letter.parts["text"], tabindex="0"), html(*bubbles), class_="message"),
        tag("details", tag("summary", "The webhook, in all languages"), call)
        if one.mode == "plain" and not one.view.watched
        else None,
    )


def _rendered(one: Exhibit, renderer: Renderer, channel: str) -> Rendered:
    parts = CHANNELS[channel].parts
    made = renderer.render(one.event, channel=channel, parts=parts, language=one.language, mode=one.mode, view=one.view)
    return Rendered(made.language, {part: text.replace(STOP_URL_SLOT, _STOP) for part, text in made.parts.items()})


def _bubble(piece: str) -> Html:
    parsed = parse_html(piece).trimmed()
    return formatted(parsed.text, parsed.entities)


def _letter(one: Exhibit, letter: Rendered, folder: Path, browser: str | None) -> Html:
    """The letter in a frame, or pictures of it as a phone shows it."""
    file = folder / "letters" / f"{one.stem}.html"
    file.write_text(letter.parts["html"], encoding="utf-8")
    link = tag("p", tag("a", "the letter by itself", href=f"letters/{file.name}"))
    if browser is None:
        return tag("div", tag("iframe", src=f"letters/{file.name}", title=one.title, sandbox=""), link)
    pictures = (_picture(one, letter.parts["html"], folder, browser, shot) for shot in _SHOTS)
    return html(*(tag("div", picture, link) for picture in pictures))


def _picture(one: Exhibit, page: str, folder: Path, browser: str, shot: tuple[str, Scheme, int]) -> Html:
    name, scheme, width = shot
    source, picture = folder / "letters" / f"{one.stem}.{name}.html", folder / "letters" / f"{one.stem}.{name}.png"
    source.write_text(in_scheme(page, scheme), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={picture}"]
    asked = [browser, *options, f"--window-size={width},{_PAGE_HEIGHT}", source.resolve().as_uri()]
    subprocess.run(asked, check=True, capture_output=True, timeout=60)
    source.unlink()
    return Html(f'<img src="letters/{picture.name}" alt="The letter on a phone, {scheme}" loading="lazy">')


def _browser() -> str | None:
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build") / "gallery"
    taken_by = _browser()
    given = {"public_url": "https://alerts.vestka.example", "pages_url": "https://vestka.example"}
    print(make_gallery(target, renderer_of(NotifySettings.model_validate(given)), taken_by, sys.argv[2:]))
    if taken_by is None:
        print("no chromium is installed, so there are frames in place of pictures", file=sys.stderr)
