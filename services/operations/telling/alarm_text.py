"""What a message to operators says: each alarm's name, since when, and what to do. It names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from services.operations.notices import Notice

_WORD: Final = {"sounded": "ALARM", "cleared": "OVER"}
_END: Final = "What sounds now: vestka alarm list\nWhat to look at first: vestka doctor\n"


def subject(notices: Sequence[Notice]) -> str:
    """One line of ASCII."""
    if len(notices) == 1:
        (only,) = notices
        line = f"Vestka: {_WORD[only.what].lower()}: {only.kind} ({only.about})"
    else:
        began = sum(one.what == "sounded" for one in notices)
        line = f"Vestka: {began} alarms, {len(notices) - began} over"
    return "".join(sign if " " <= sign <= "~" else "?" for sign in line)[:120]


def text(notices: Sequence[Notice]) -> str:
    return "\n".join([*map(_paragraph, notices), _END])


def document(notices: Sequence[Notice]) -> dict[str, Any]:
    """For a webhook; `text` is what programs for teams show (Mattermost, Slack and their like)."""
    return {
        "type": "vestka.alarms",
        "timestamp": notices[-1].at,
        "text": f"{subject(notices)}\n\n{text(notices)}",
        "data": {"notices": [msgspec.to_builtins(one) for one in notices]},
    }


def _paragraph(notice: Notice) -> str:
    head = f"{_WORD[notice.what]}  {notice.kind}  {notice.about}"
    if notice.what == "cleared":
        return f"{head}\nsince {notice.since}, until {notice.at}\n"
    return f"{head}\nsince {notice.since}\n{notice.says}\n"
