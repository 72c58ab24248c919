"""One log line is one JSON object on stderr, and none bears an address, a token or a name somebody watches.

Our own events name no such thing to begin with. What libraries and tracebacks say is scrubbed here, as the second line
of defence: everything that has the form of an address, an URL beyond its scheme, a token or a secret is blotted out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import structlog

from services.runtime.redis_away import RedisAwayFilter

BLOT: Final = "[hidden]"

_SECRETS: Final = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*)://[^\s'\"<>]+"), rf"\1://{BLOT}"),
    (re.compile(r"\b(?:bot)?\d{6,}:[A-Za-z0-9_-]{20,}"), BLOT),
    (re.compile(r"\bwhs(?:ec|k)_[A-Za-z0-9+/=_-]+"), BLOT),
    (re.compile(r"[^\s<>'\"(),;:=]+@[^\s<>'\"(),;]+"), BLOT),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._-]{8,}"), rf"\1 {BLOT}"),
)

_ONE_WORD: Final = re.compile(r"[\w.+-]*(?:T\d\d:\d\d:[\d.]+Z)?", re.ASCII)
"""Names, ids and times, which are most of what is logged: of what is blotted out only `whs…` can be one word."""

_QUIET: Final = (
    "vestka.faststream",
    "uvicorn.error",
    "httpx",
    "httpcore",
    "aiosmtplib",
    "mail.log",
    "uvicorn.access",
    "asyncio",
    "pymorphy3",
)
"""They write addresses, or lines that tell nothing: only warnings pass."""


def scrub(text: str) -> str:
    if _ONE_WORD.fullmatch(text) and "whs" not in text:
        return text
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _scrub_values(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in line.items():
        if not isinstance(value, int | float | bool | None):
            line[key] = scrub(value if isinstance(value, str) else str(value))
    return line


def configure_logs(level: str, form: str, service: str, stream: Any = None) -> None:
    """Sets up structlog and the standard library's logging to write the same lines. Call once, at start."""
    shared: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, line: {"service": service, **line},
    ]
    last: list[Callable[..., Any]] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        _scrub_values,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # A line that cannot be written would be printed whole instead: unscrubbed, with its traceback.
    logging.raiseExceptions = False
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    handler.addFilter(RedisAwayFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
