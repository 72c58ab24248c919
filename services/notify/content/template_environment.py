"""How templates are read and values written into them: sandboxed, escaped by their ending, wrapped."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, Final

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.forgettable import forgettable
from services.notify.content.alerts import blocks
from services.notify.content.alerts.values import sentence_case

_TEXT_WIDTH: Final = 72
_MOST_COMPILED: Final = 1_024
"""Templates; ours are a hundred or so, and those somebody tries out come beside them."""


class _CompiledOnce(BytecodeCache):
    """What a template's text compiles to, for whoever renders in this process: most of what a first message costs.

    Every environment of ours is of one kind, so that what one compiled is what another would.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._kept) >= _MOST_COMPILED:
            self._kept.clear()
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled() -> _CompiledOnce:
    return _CompiledOnce()


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
            bytecode_cache=_compiled(),
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


@forgettable(512)
def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines of at most 72 columns, begun with `first` and then `rest`. Long words, so addresses, stay whole.

    Remembered, since most lines of a message are phrases that the next one says too."""
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
