"""A browser without JavaScript, cookies or memory: it opens pages, fills in their forms and presses their buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

FieldValue = str | Sequence[str] | None


class NoSuchForm(LookupError):
    """The page has none, or more than one, that leads there; the arguments: where those lead that it has."""


@dataclass
class OpenedPage:
    """What came, and the forms in it."""

    answer: httpx.Response
    tree: LexborHTMLParser = field(init=False)

    def __post_init__(self) -> None:
        self.tree = LexborHTMLParser(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def heading(self) -> str:
        found = self.tree.css_first("h1")
        return found.text().strip() if found is not None else ""

    @property
    def text(self) -> str:
        body = self.tree.body
        return " ".join(body.text(separator=" ").split()) if body is not None else ""

    def forms(self) -> list[LexborNode]:
        return self.tree.css("form")

    def form(self, action: str = "") -> LexborNode:
        """The one whose action ends so, before what is asked beside. Raises NoSuchForm."""
        found = [one for one in self.forms() if (one.attributes.get("action") or "").partition("?")[0].endswith(action)]
        if len(found) != 1:
            raise NoSuchForm(*(one.attributes.get("action") or "" for one in self.forms()))
        return found[0]


def filled(form: LexborNode) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched."""
    found: dict[str, list[str]] = {}
    for one in form.css("input, textarea, select"):
        name, kind = one.attributes.get("name"), one.attributes.get("type") or "text"
        if not name or (kind in ("checkbox", "radio") and "checked" not in one.attributes):
            continue
        if one.tag == "select":
            options = sorted(one.css("option"), key=lambda option: "selected" not in option.attributes)
            value = options[0].attributes.get("value")
        else:
            value = one.text() if one.tag == "textarea" else one.attributes.get("value")
        found.setdefault(name, []).append(value or "")
    return found


@dataclass
class FormBrowser:
    client: httpx.AsyncClient

    async def open(self, address: str) -> OpenedPage:
        return OpenedPage(await self.client.get(address))

    async def send(self, page: OpenedPage, action: str = "", **changes: FieldValue) -> OpenedPage:
        """Fills in what is named (None: left away) and presses the button. Raises NoSuchForm."""
        form = page.form(action)
        fields: Mapping[str, list[str]] = filled(form)
        data = {name: values for name, values in fields.items() if name not in changes}
        for name, value in changes.items():
            if value is not None:
                data[name] = [value] if isinstance(value, str) else list(value)
        where = form.attributes.get("action") or str(page.answer.url)
        return OpenedPage(await self.client.post(where, data=data))
