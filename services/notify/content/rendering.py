"""An event becomes the parts a channel sends: the only place that knows Jinja2.

A template is found by its place, `templates/<channel>/<message kind>/<part>.<ending>.j2`, and its ending says how
values are escaped: `.txt` not at all, `.html` for HTML, `.telegram` for the HTML subset of the Bot API.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.contract import Event
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.content.alerts import Alert, blocks, compose, message_kind
from services.notify.content.alerts.values import sentence_case
from services.notify.content.languages import Language, LanguageFault, load_language, written_in
from services.notify.content.plain_facts import Form, plain_part, plain_words
from services.subscribers.address import Mode

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "templates"

_ONE_LINE: Final = frozenset({"subject", "preheader", "headline", "summary"})
"""Parts that become a header field or a value of JSON: whatever a template does, they stay one line."""

_TEXT_WIDTH: Final = 72
_SPACES: Final = re.compile(r"(?<!\d)\s+|\s+(?!\d)|\s{2,}|[^\S\u00a0\u202f]")
"""Whatever is space, but for the one that groups the digits of a number."""


class RenderingFailed(Exception):
    """Our own fault, so the same work fails again: poison. The message names template and line, never a value."""


class Renderer:
    """Holds the templates and languages, and of what was rendered the last alert; one serves every channel and reader.

    `public_url` stands at the end of a letter; "" leaves the line out. Made by `renderer_of` (`app.py`) wherever a
    message is rendered, so that a preview and a test show what is sent.
    Raises RenderingFailed when a language file cannot be read.
    """

    def __init__(self, templates: Path, public_url: str) -> None:
        self._languages = dict(_load_languages(templates))
        plain_words()  # read now: it has to speak when nothing else can be read
        self._environment = _environment(templates)
        self._endings = {name.rsplit(".", 2)[0]: name for name in self._environment.list_templates(["j2"])}
        self._public_url = public_url
        self._lately: tuple[Event | None, dict[str, Alert]] = (None, {})
        self.languages: tuple[str, ...] = tuple(self._languages)
        self.version = _version(templates)
        """Of what messages are made of: eight digits that change with any template or language."""

    @property
    def words(self) -> Mapping[str, Language]:
        """The languages by code."""
        return self._languages

    def render(self, event: Event, *, channel: str, parts: tuple[str, ...], language: str, mode: Mode) -> Rendered:
        """Every part of one message; `STOP_URL_SLOT` stands where the reader's own link goes.

        Raises RenderingFailed.
        """
        words = self._language(language)
        alert = self._composed(event, words)
        values = {**self._surroundings(words), "alert": alert, "discreet": mode == "discreet"}
        folder = f"{channel}/{message_kind(event)}"
        return Rendered(language, {part: self._part(f"{folder}/{part}", part, values) for part in parts})

    def plain(self, event: Event, *, channel: str, parts: tuple[str, ...], language: str, mode: Mode) -> Rendered:
        """The same parts as a plain text of the facts, for when `render` has failed: it needs no template.

        Raises RenderingFailed, of what even this cannot tell.
        """
        words = self._language(language)
        forms = {part: self._form(f"{channel}/{message_kind(event)}/{part}", part) for part in parts}
        try:
            told = {part: plain_part(event, words, mode, part, form) for part, form in forms.items()}
            return Rendered(language, told)
        except Exception as error:
            let_shortage_through(error)
            raise RenderingFailed(_where("services/notify/content/plain_facts.py", error)) from None

    def page(self, name: str, *, language: str, **values: Any) -> str:
        """A small web page of ours, `templates/pages/<name>.html.j2`. Raises RenderingFailed."""
        words = self._language(language)
        return self._filled(f"pages/{name}.html.j2", {**self._surroundings(words), **values})

    def _surroundings(self, words: Language) -> dict[str, Any]:
        return {
            "language": words.code,
            "phrase": words.phrase,
            "stop_url": STOP_URL_SLOT,
            "public_url": self._public_url,
        }

    def _language(self, code: str) -> Language:
        try:
            return self._languages[code]
        except KeyError:
            known = ", ".join(self.languages)
            raise RenderingFailed(f"templates/languages has no such language; it has {known}") from None

    def _form(self, path: str, part: str) -> Form:
        if part in _ONE_LINE:
            return "line"
        name = self._endings.get(path, f"{part}.{part}.j2")
        return "telegram" if name.endswith(".telegram.j2") else "page" if name.endswith(".html.j2") else "text"

    def _composed(self, event: Event, words: Language) -> Alert:
        """Composed once for all channels and modes that follow one another."""
        known, alerts = self._lately
        if known is not event:
            alerts = {}
            self._lately = (event, alerts)
        if words.code not in alerts:
            alerts[words.code] = _composed(event, words)
        return alerts[words.code]

    def _part(self, path: str, part: str, values: dict[str, Any]) -> str:
        name = self._endings.get(path)
        if name is None:
            raise RenderingFailed(f"no template at templates/{path}.<ending>.j2")
        text = self._filled(name, values)
        if part in _ONE_LINE:
            return _SPACES.sub(" ", text).strip()
        return text if name.endswith(".html.j2") else _tidied(text)

    def _filled(self, name: str, values: dict[str, Any]) -> str:
        try:
            text = self._environment.get_template(name).render(values)
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None
        except Exception as error:
            let_shortage_through(error)
            raise RenderingFailed(_where(name, error)) from None
        return _bot_api_entities(text) if name.endswith(".telegram.j2") else text


def _version(templates: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(one for one in templates.rglob("*") if one.suffix in (".j2", ".yaml")):
        whole.update(f"{file.relative_to(templates)}\0".encode() + file.read_bytes() + b"\0")
    return whole.hexdigest()[:8]


def _environment(templates: Path) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=_is_markup,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = _wrapped
    environment.filters["sentence"] = sentence_case
    environment.filters["blocks"] = blocks
    return environment


def _is_markup(name: str | None) -> bool:
    # Anything that is not plainly text is escaped, so that a forgotten ending errs on the safe side.
    return not (name or "").endswith(".txt.j2")


def _bot_api_entities(text: str) -> str:
    """Jinja2's escapes of quotes in the Bot API's words (https://core.telegram.org/bots/api#html-style).

    Exact, because an ampersand of a value is `&amp;` by now, so these two can only be Jinja2's own.
    """
    return text.replace("&#39;", "'").replace("&#34;", "&quot;")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines of at most 72 columns, begun with `first` and then `rest`. Long words, so addresses, stay whole."""
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _tidied(text: str) -> str:
    """At most one blank line between two paragraphs, so that templates need not count theirs."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def _composed(event: Event, words: Language) -> Alert:
    try:
        return compose(event, words)
    except LanguageFault as fault:
        raise RenderingFailed(str(fault)) from None
    except Exception as error:
        let_shortage_through(error)
        raise RenderingFailed(_where("services/notify/content/alerts", error)) from None


def _load_languages(templates: Path) -> Iterator[tuple[str, Language]]:
    for code in written_in(templates):
        try:
            yield code, load_language(templates / "languages" / f"{code}.yaml")
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None


def let_shortage_through(error: Exception) -> None:
    """No memory, or no file descriptor to read a template with: the template is not at fault."""
    if isinstance(error, (MemoryError, OSError)) and not isinstance(error, TemplateError):
        raise error


def _where(name: str, error: Exception) -> str:
    """The place of a failure. The error's own text is left out: it may quote what was being rendered."""
    if isinstance(error, TemplateSyntaxError):
        return f"template {error.name or name}, line {error.lineno}: syntax error"
    place, line = name, 0
    for file, number in _frames(error.__traceback__):
        if file.endswith(".j2") or "/alerts/" in file:
            place, line = file, number
    what = "template error" if isinstance(error, TemplateError) else "error"
    return f"{_short(place)}, line {line}: {what} of type {type(error).__name__}"


def _frames(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _short(place: str) -> str:
    """The end of a path, from the folder we know: a message should not tell how this machine is laid out."""
    for folder in ("templates/", "services/"):
        if folder in place:
            return folder + place.rsplit(folder, 1)[1]
    return "/".join(place.split("/")[-3:])
