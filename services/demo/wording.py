"""How the local page says times and counts."""

from __future__ import annotations

from datetime import datetime

from services.demo.html_tags import Html, tag


def moment(when: datetime) -> Html:
    return tag("time", f"{when:%d %b %Y, %H:%M:%S} {when.tzname() or ''}".strip(), datetime=when.isoformat())


def clock_time(when: datetime) -> Html:
    return tag("time", f"{when:%H:%M}", datetime=when.isoformat())


def count_of(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
