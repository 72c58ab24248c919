"""A site's robots.txt (RFC 9309): which of its addresses a crawler of our name may ask for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

OUR_NAME: Final = "vestka"
"""The product token of our `User-Agent` (RFC 9309, section 2.2.1), in lower case."""

_MOST_RULES: Final = 5000
_LONGEST_PATH: Final = 2000
_LINE = re.compile(r"\s*([A-Za-z-]{1,20})\s*:\s*([^#]*)")
_TOKEN = re.compile(r"[A-Za-z_-]*")
_KEPT: Final = "/?&=;:,@+$!*'()~-._[]"
"""Characters that are compared as they are written; all others as percent and two digits (section 2.2.2)."""


@dataclass(frozen=True, slots=True)
class _Rule:
    path: str
    allows: bool


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """`rules`: those of the group for us, or else of the group for everybody."""

    rules: tuple[_Rule, ...] = ()

    def allows(self, url: str) -> bool:
        """By the rule with the longest path; of two of one length by the one that allows (section 2.2.2)."""
        parts = urlsplit(url)
        path = _comparable(f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")[:_LONGEST_PATH]
        if path == "/robots.txt":
            return True
        matching = [rule for rule in self.rules if _matches(rule.path, path)]
        best = max(matching, key=lambda rule: (len(rule.path), rule.allows), default=None)
        return best is None or best.allows


def read_robots(text: str) -> RobotsFile:
    """Reads what can be read: a line that is none is skipped, and so is an empty path."""
    groups: dict[str, list[_Rule]] = {}
    agents: list[str] = []
    is_in_rules = False
    for key, value in _lines(text):
        if key == "user-agent":
            agents = [] if is_in_rules else agents
            agents.append(_token(value))
            groups.setdefault(agents[-1], [])
            is_in_rules = False
        elif key in ("allow", "disallow"):
            is_in_rules = True
            for agent in set(agents) if value else ():
                groups[agent].append(_Rule(_comparable(value), key == "allow"))
    own = groups.get(OUR_NAME, groups.get("*", []))
    return RobotsFile(tuple(own[:_MOST_RULES]))


def _lines(text: str) -> list[tuple[str, str]]:
    found = (_LINE.match(line) for line in re.split(r"\r\n?|\n", text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    return [(line[1].lower(), line[2].strip()) for line in found if line]


def _token(value: str) -> str:
    """Without a version: "Vestka/1.0" means us as well."""
    found = _TOKEN.match(value)
    return "*" if value.startswith("*") else found[0].lower() if found else ""


def _comparable(path: str) -> str:
    """Letters and their percent codes are one; `%2F` stays apart from `/`."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", path)
    return "".join(_code(piece) if re.fullmatch(r"%[0-9A-Fa-f]{2}", piece) else quote(piece, _KEPT) for piece in pieces)


def _code(code: str) -> str:
    byte = unquote_to_bytes(code)
    return byte.decode("ascii") if byte.isalnum() or byte in (b"-", b".", b"_", b"~") else code.upper()


def _matches(pattern: str, path: str) -> bool:
    """`*` stands for any characters, `$` at the end for the end. Piece by piece, each at its first place."""
    is_anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = rest.pop() if is_anchored and rest else None
    for piece in rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return len(path) - len(last) >= at and path.endswith(last)
    return not is_anchored or at == len(path)
