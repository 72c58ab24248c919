"""Numbers, days and lists as a language writes them, by Babel.

It reads its patterns anew for each value, and an event says the same few again and again: what was made is kept.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

_KEPT: Final = 512


@lru_cache(_KEPT)
def plural_form(count: int, locale: Locale) -> str:
    return str(locale.plural_form(count))


@lru_cache(_KEPT)
def number(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(_KEPT)
def day(of: date, pattern: str, locale: Locale) -> str:
    return format_date(of, pattern, locale=locale)


@lru_cache(_KEPT)
def enumeration(items: tuple[str, ...], style: Literal["standard", "or"], locale: Locale) -> str:
    return str(format_list(items, style=style, locale=locale))
