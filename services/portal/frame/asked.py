"""What a request for a page asks for beside its path: the language, by the address or by what the browser names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

from services.portal.frame.page_refused import PageRefused
from services.runtime.http.accepted_language import accepted_language

FALLBACK: Final = "en"
LANGUAGE: Final = "lang"
"""The parameter of an address that names its language."""
_ORDER: Final = ("be", "ru", "en")
"""How the switch shows those that it has; any other comes after them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`chosen`: the address names the language itself, so that whatever it leads to speaks it too."""

    path: str
    language: str
    chosen: bool
    languages: tuple[str, ...]
    query: tuple[tuple[str, str], ...] = ()
    """What else the address says."""

    def to(self, path: str, **query: str) -> str:
        """An address of ours in this language."""
        return address(path, {**query, **({LANGUAGE: self.language} if self.chosen else {})})

    def here_in(self, language: str) -> str:
        """This very page in another language."""
        return address(self.path, {**dict(self.query), LANGUAGE: language})


def asked_by(request: Request, known: Sequence[str], *, chosen: bool = True) -> Asked:
    """Raises PageRefused for a language that we do not write. `chosen`: False where the address is not believed."""
    wanted = request.query_params.get(LANGUAGE) if chosen else None
    if wanted is not None and wanted not in known:
        raise PageRefused.of("language")
    accepted = accepted_language(request.headers.get("accept-language", ""), known)
    rest = tuple((name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE)
    return Asked(request.url.path, wanted or accepted or FALLBACK, wanted is not None, in_order(known), rest)


def in_order(languages: Sequence[str]) -> tuple[str, ...]:
    known = [code for code in _ORDER if code in languages]
    return (*known, *(code for code in languages if code not in known))


def address(path: str, query: dict[str, str]) -> str:
    """A path of ours with what it is asked, as it stands in a link: never one of another host."""
    return quote(f"/{path.lstrip('/')}", safe="/-._~") + (f"?{urlencode(query)}" if query else "")
