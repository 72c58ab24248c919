"""An event becomes the parts a channel sends: the only place that knows Jinja2.

A template is found by its place, `templates/<channel>/<message kind>/<part>.<ending>.j2`, and its ending says how
values are escaped: `.txt` not at all, `.html` for HTML, `.telegram` for the HTML subset of the Bot API.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from services.contract import Event
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.channels.stated import ValueSaid
from services.notify.channels.telegram.expandable_quote import MARKS, folded
from services.notify.content.alerts import Alert, message_kind, tellable
from services.notify.content.alerts.headline import practice
from services.notify.content.digest import DigestEntry, DigestStory, digest_of
from services.notify.content.earlier_acts import EarlierAct
from services.notify.content.languages import Language, LanguageFault, words_of_pages
from services.notify.content.local_times import sent_sentence
from services.notify.content.neutral_texts import NeutralTexts
from services.notify.content.plain_facts import Form, plain_part, plain_words
from services.notify.content.reader_view import EVERYBODY, ReaderView
from services.notify.content.rendering_faults import RenderingFailed as RenderingFailed
from services.notify.content.rendering_faults import let_shortage_through, where_it_failed
from services.notify.content.stated_values import stated_values
from services.notify.content.story_code import code_key, story_code
from services.notify.content.template_environment import bot_api_entities, template_environment, wrapped
from services.notify.content.template_files import load_languages, style_hash, version_of
from services.subscribers.address import Mode

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "templates"

_ONE_LINE: Final = frozenset({"subject", "preheader", "headline", "summary"})
"""Parts that become a header field or a value of JSON: whatever a template does, they stay one line."""

_FOLD_LINES: Final = 24
"""Lines that say nothing, above a discreet text without HTML: about as many as a glance at a window or a phone sees."""
_TOLD_LATELY: Final = 16
_SPACES: Final = re.compile(r"(?<!\d)\s+|\s+(?!\d)|\s{2,}|[^\S\u00a0\u202f]")
"""Whatever is space, but for the one that groups the digits of a number."""
_ODD_SPACES: Final = re.compile(r"[^\S ]|  ")
"""Without any of these every space is the one that `_SPACES` would be replaced by."""


class _Telling:
    """An event that is being told, kept so that its identity stays its own; and its alerts by language."""

    def __init__(self, event: Event, tellable: Event, acts: Sequence[EarlierAct]) -> None:
        self._event = event
        self._tellable = tellable
        self._acts = acts
        self._alerts: dict[tuple[str, frozenset[str]], Alert] = {}

    @cached_property
    def stated(self) -> tuple[ValueSaid, ...]:
        return stated_values(self._event)

    def alert(self, words: Language, watched: frozenset[str] = frozenset()) -> Alert:
        key = words.code, watched
        if key not in self._alerts:
            self._alerts[key] = Alert(self._tellable, words, self._acts, watched)
        return self._alerts[key]


class Renderer:
    """Holds the templates and languages, and what it told lately; one serves every channel and reader.

    `public_url` stands at the end of a letter, or, where there are pages for everybody, the story's page under
    `pages_url` and the page to change what one gets; "" leaves the line out. `acts`: what a pardon is drawn among. Made
    by `renderer_of` (`assembly.py`) wherever a message is rendered, so that a preview and a test show what is sent.
    `discreet_url`: in place of both in discreet mode. `secret`: what codes of stories are keyed with; b"": samples.
    Raises RenderingFailed when a language file cannot be read.
    """

    def __init__(
        self,
        templates: Path,
        public_url: str,
        pages_url: str = "",
        acts: Sequence[EarlierAct] = (),
        discreet_url: str = "",
        secret: bytes = b"",
    ) -> None:
        self._languages = dict(load_languages(templates))
        plain_words()  # read now: it has to speak when nothing else can be read
        self._environment = template_environment(templates)
        self._endings = {name.rsplit(".", 2)[0]: name for name in self._environment.list_templates(["j2"])}
        self._acts = tuple(acts)
        key = code_key(secret)
        self._story_code = lru_cache(_TOLD_LATELY)(lambda story: story_code(story, key))
        self._addresses: dict[Mode, tuple[str, str]] = {
            "plain": (public_url, pages_url.rstrip("/")),
            "discreet": (discreet_url or public_url, (pages_url and (discreet_url or pages_url)).rstrip("/")),
        }
        self._neutral = NeutralTexts(self._neutral_text)
        self._lately: OrderedDict[int, _Telling] = OrderedDict()
        self.languages: tuple[str, ...] = tuple(self._languages)
        self.page_languages = tuple(code for code in self._languages if any(words_of_pages(templates, code)))
        """Those that our public pages speak as well."""
        self.style_hash = style_hash(templates / "pages" / "look.css")
        """Of the one style that our pages have in them, as a Content-Security-Policy names it (CSP 3, section 2.3)."""
        self.version = version_of(templates)
        """Of what messages are made of: eight digits that change with any template or language."""

    @property
    def words(self) -> Mapping[str, Language]:
        """The languages by code."""
        return self._languages

    def render(
        self,
        event: Event,
        *,
        channel: str,
        parts: tuple[str, ...],
        language: str,
        mode: Mode,
        view: ReaderView = EVERYBODY,
    ) -> Rendered:
        """Every part of one message; `STOP_URL_SLOT` stands where the reader's own link goes.

        Raises RenderingFailed.
        """
        words = self._language(language)
        telling = self._told(event)
        alert = telling.alert(words, view.watched)
        values = {**self._surroundings(words), **self._of_story(event, words, mode), "alert": alert}
        values["discreet"] = mode == "discreet"
        folder = f"{channel}/{message_kind(event)}"
        try:
            headline, stated = alert.headline.act, telling.stated
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None
        written = {part: self._part(f"{folder}/{part}", part, values) for part in parts}
        rendered = Rendered(language, written, headline, stated, self._neutral.of(language, practice(event)))
        return self.at_zone(rendered, event, view.zone)

    def at_zone(self, rendered: Rendered, event: Event, zone: str | None) -> Rendered:
        """The same for a reader of that zone, an IANA name: what was rendered for nobody's is not rendered again."""
        if zone is None:
            return rendered
        words = self._language(rendered.language)
        usual, theirs = (sent_sentence(words, event.time, one) for one in (None, zone))
        parts = {
            name: text.replace(wrapped(usual), wrapped(theirs)).replace(usual, theirs)
            for name, text in rendered.parts.items()
        }
        return replace(rendered, parts=parts)

    def digest(
        self,
        entries: Sequence[DigestEntry],
        *,
        channel: str,
        parts: tuple[str, ...],
        language: str,
        mode: Mode,
        due: float,
        zone: str,
    ) -> Rendered:
        """Every part of one message about several stories; `due`, `zone`: see `digest_of`. Raises RenderingFailed."""
        words = self._language(language)
        stories = [self._digest_story(entry, words, mode) for entry in entries]
        try:
            digest = digest_of(stories, entries, words, due, zone)
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None
        public, pages = self._addresses[mode]
        values = {**self._surroundings(words), "digest": digest, "discreet": mode == "discreet", "public_url": public}
        values["change_url"] = f"{pages}/manage" if pages else ""
        values["code_url"] = f"{pages}/code" if pages else ""
        written = {part: self._part(f"{channel}/digest/{part}", part, values) for part in parts}
        neutral = self._neutral.of(language, "test" if digest.practice else None)
        return Rendered(language, written, digest.subject, neutral=neutral)

    def _digest_story(self, entry: DigestEntry, words: Language, mode: Mode) -> DigestStory:
        about = self._of_story(entry.event, words, mode)
        alert = None if entry.plain else self._told(entry.told).alert(words)
        return DigestStory(alert, entry.plain, about["story_code"], about["story_url"])

    def plain(self, event: Event, *, channel: str, parts: tuple[str, ...], language: str, mode: Mode) -> Rendered:
        """The same parts as a plain text of the facts, for when `render` has failed: it needs no template.

        Raises RenderingFailed, of what even this cannot tell.
        """
        words = self._language(language)
        forms = {part: self._form(f"{channel}/{message_kind(event)}/{part}", part) for part in parts}
        try:
            told = {part: plain_part(event, words, mode, part, form) for part, form in forms.items()}
            return Rendered(language, told, neutral=self._neutral.at_hand(language, practice(event)))
        except Exception as error:
            let_shortage_through(error)
            raise RenderingFailed(where_it_failed("services/notify/content/plain_facts.py", error)) from None

    def page(self, name: str, *, language: str, **values: Any) -> str:
        """A small web page of ours, `templates/pages/<name>.html.j2`. Raises RenderingFailed."""
        words = self._language(language)
        return self._filled(f"pages/{name}.html.j2", {**self._surroundings(words), **values})

    def letter(self, kind: str, *, language: str, link: str) -> dict[str, str]:
        """Subject and text of a letter about the subscription itself. Raises RenderingFailed."""
        values = {**self._surroundings(self._language(language)), "kind": kind, "link": link}
        return {part: self._part(f"pages/letters/{part}", part, values) for part in ("subject", "text")}

    def language(self, code: str) -> Language:
        """Raises RenderingFailed."""
        return self._language(code)

    def alert(self, event: Event, language: str) -> Alert:
        """What a message about the event says, for a page that says the same. Raises RenderingFailed."""
        return self._told(event).alert(self._language(language))

    def _surroundings(self, words: Language) -> dict[str, Any]:
        return {
            "language": words.code,
            "phrase": words.phrase,
            "stop_url": STOP_URL_SLOT,
            **MARKS,
            "fold_lines": _FOLD_LINES,
            "public_url": self._addresses["plain"][0],
        }

    def _of_story(self, event: Event, words: Language, mode: Mode) -> dict[str, Any]:
        """What the end of a message says of the story and of the message itself."""
        story, (public, pages) = event.data.story_id, self._addresses[mode]
        return {
            "public_url": public,
            "story_code": self._story_code(story),
            "story_url": f"{pages}/s/{story}" if pages else "",
            "change_url": f"{pages}/manage" if pages else "",
            "sent": sent_sentence(words, event.time),
        }

    def _neutral_text(self, name: str, language: str, given: Mapping[str, Any]) -> str:
        pages = self._addresses["discreet"][1]
        change = {"change_url": f"{pages}/manage" if pages else ""}
        values = {**self._surroundings(self._language(language)), **change, **given}
        return _tidied(self._filled(name, values)).strip()

    def _language(self, code: str) -> Language:
        try:
            return self._languages[code]
        except KeyError:
            known = ", ".join(self.languages)
            raise RenderingFailed(f"templates/languages has no such language; it has {known}") from None

    def _told(self, event: Event) -> _Telling:
        """Of this very event: its other languages, channels and modes ask for the same within a moment."""
        telling = self._lately.get(id(event))
        if telling is None:
            telling = self._lately[id(event)] = _Telling(event, _tellable(event), self._acts)
            if len(self._lately) > _TOLD_LATELY:
                self._lately.popitem(last=False)
        return telling

    def _form(self, path: str, part: str) -> Form:
        if part in _ONE_LINE:
            return "line"
        name = self._endings.get(path, f"{part}.{part}.j2")
        return "telegram" if name.endswith(".telegram.j2") else "page" if name.endswith(".html.j2") else "text"

    def _part(self, path: str, part: str, values: dict[str, Any]) -> str:
        name = self._endings.get(path)
        if name is None:
            raise RenderingFailed(f"no template at templates/{path}.<ending>.j2")
        text = self._filled(name, values)
        if part in _ONE_LINE:
            return (_SPACES.sub(" ", text) if _ODD_SPACES.search(text) else text).strip()
        return text if name.endswith(".html.j2") else _tidied(text)

    def _filled(self, name: str, values: dict[str, Any]) -> str:
        try:
            text = self._environment.get_template(name).render(values)
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None
        except Exception as error:
            let_shortage_through(error)
            raise RenderingFailed(where_it_failed(name, error)) from None
        return folded(bot_api_entities(text)) if name.endswith(".telegram.j2") else text


def _tidied(text: str) -> str:
    """At most one blank line between two paragraphs, so that templates need not count theirs."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _tellable(event: Event) -> Event:
    try:
        return tellable(event)
    except Exception as error:
        let_shortage_through(error)
        raise RenderingFailed(where_it_failed("services/notify/content/alerts", error)) from None
