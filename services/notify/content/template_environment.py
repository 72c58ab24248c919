"""How templates are read and values written into them: sandboxed, escaped by their ending, wrapped."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.content.alerts import blocks
from services.notify.content.alerts.values import sentence_case

_TEXT_WIDTH: Final = 72


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's, which asks the same of every value again; the answer follows from its type and the name."""

    def __init__(self, templates: Path) -> None:
        super().__init__(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=_is_markup,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,  # `version` says what was there at the start
        )
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        which = type(obj), attr
        if which not in self._safe:
            self._safe[which] = super().is_safe_attribute(obj, attr, value)
        return self._safe[which]


def template_environment(templates: Path) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(templates)
    environment.filters["wrapped"] = wrapped
    environment.filters["sentence"] = sentence_case
    environment.filters["blocks"] = blocks
    return environment


def _is_markup(name: str | None) -> bool:
    # Anything that is not plainly text is escaped, so that a forgotten ending errs on the safe side.
    return not (name or "").endswith(".txt.j2")


def bot_api_entities(text: str) -> str:
    """Jinja2's escapes of quotes in the Bot API's words (https://core.telegram.org/bots/api#html-style).

    Exact, because an ampersand of a value is `&amp;` by now, so these two can only be Jinja2's own.
    """
    return text.replace("&#39;", "'").replace("&#34;", "&quot;")


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines of at most 72 columns, begun with `first` and then `rest`. Long words, so addresses, stay whole."""
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
