"""Writes the page of all exhibits, and beside it the letters by themselves and pictures of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from services.demo.bot_bubble import formatted
from services.demo.bot_html import parse_html
from services.demo.gallery.exhibit import ChatBubble, Exhibit
from services.demo.gallery.screenshots import CHAT, GLANCE, PHONE, PHONE_DARK, Shot, take
from services.demo.html_tags import Html, html, tag

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1500px; padding: 1rem; color: #1f2933; }
.message { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 1rem; align-items: start; }
.words { white-space: pre-wrap; background: #f1f4f7; border-radius: 12px; padding: .8rem 1rem; margin: 0 0 .5rem;
  overflow-wrap: anywhere; }
.words blockquote { margin: .2rem 0; padding: 0 .6rem; border-left: 3px solid #4b6782; }
.spoiler { background: #5b6672; color: #5b6672; border-radius: 3px; }
.spoiler:hover, .spoiler:focus { background: #d9dee3; color: inherit; }
.keys { display: flex; gap: .3rem; margin: 0 0 .3rem; }
.keys span { flex: 1; text-align: center; background: #d9e4ee; border-radius: 8px; padding: .4rem .3rem;
  font-size: 14px; }
iframe, img { width: 100%; border: 1px solid #d9dee3; } iframe { height: 900px; }
img { max-height: 900px; object-fit: cover; object-position: top; }
pre { overflow: auto; white-space: pre-wrap; max-height: 900px; font-size: 13px; background: #f1f4f7; padding: .8rem; }
"""


def make_gallery(folder: Path, version: str, exhibits: Iterable[Exhibit], browser: str | None) -> Path:
    """Writes the page and what it shows into the folder; pictures where there is a browser to take them. `version`: of
    the templates."""
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    wanted = list(exhibits)
    sections = [_section(one, folder / "letters", browser) for one in wanted]
    contents = tag("ul", *(tag("li", tag("a", one.title, href=f"#{one.stem}")) for one in wanted))
    head = tag("head", Html('<meta charset="utf-8">'), tag("title", "Messages of Vestka"), tag("style", Html(_STYLE)))
    about = f"Templates {version}. Made of examples; nothing here was sent."
    body = tag("body", tag("h1", "Messages of Vestka"), tag("p", about), contents, *sections)
    page = folder / "index.html"
    page.write_text(_document(head, body), encoding="utf-8")
    return page


def _document(*children: Html) -> str:
    return "<!doctype html>\n" + tag("html", *children, lang="en")


def _section(one: Exhibit, folder: Path, browser: str | None) -> Html:
    text = one.letter.get("text")
    return tag(
        "section",
        tag("h2", one.title, id=one.stem),
        tag("p", tag("b", one.subject)) if one.subject else None,
        tag(
            "div",
            _letter(one, folder, browser) if "html" in one.letter else None,
            tag("pre", text, tabindex="0", lang=one.language) if text else None,
            _chat(one, folder, browser) if one.chat else None,
            class_="message",
        ),
        tag("details", tag("summary", "The webhook, in all languages"), tag("pre", one.call, tabindex="0"))
        if one.call
        else None,
    )


def _letter(one: Exhibit, folder: Path, browser: str | None) -> Html:
    """The letter in a frame, or pictures of it as a phone shows it."""
    page, file = one.letter["html"], folder / f"{one.stem}.html"
    file.write_text(page, encoding="utf-8")
    link = tag("p", tag("a", "the letter by itself", href=f"letters/{file.name}"))
    if browser is None:
        return tag("div", tag("iframe", src=f"letters/{file.name}", title=one.title, sandbox=""), link)
    shots = (PHONE, PHONE_DARK) if one.mode == "plain" else (GLANCE, PHONE_DARK)
    return html(*(tag("div", _picture(page, one, shot, folder, browser), link) for shot in shots))


def _chat(one: Exhibit, folder: Path, browser: str | None) -> Html:
    """The bubbles, which can be touched; and a picture of them where there is a browser."""
    bubbles = tag("div", *(child for bubble in one.chat for child in _bubble(bubble)), lang=one.language)
    if browser is None:
        return bubbles
    page = _document(tag("head", Html('<meta charset="utf-8">'), tag("style", Html(_STYLE))), tag("body", bubbles))
    picture = take(page, one.stem, CHAT, folder, browser)
    return tag("div", bubbles, tag("p", tag("a", "a picture of it on a phone", href=f"letters/{picture}")))


def _bubble(bubble: ChatBubble) -> Iterator[Html]:
    parsed = parse_html(bubble.markup).trimmed()
    yield tag("div", formatted(parsed.text, parsed.entities), class_="words", dir="auto")
    for row in bubble.keys:
        yield tag("div", *(tag("span", key) for key in row), class_="keys")


def _picture(page: str, one: Exhibit, shot: Shot, folder: Path, browser: str) -> Html:
    name = take(page, one.stem, shot, folder, browser)
    return Html(f'<img src="letters/{name}" alt="{shot.alt}" loading="lazy">')
