"""A few lines that build HTML in which nothing can stand unescaped by accident."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is HTML already. Everything else is escaped where it meets Html."""

    __slots__ = ()


Child = str | None
"""Html goes in as it is, plain text is escaped, None is left out."""


_VOID = ("input",)
"""Elements that have no end tag (HTML, section 13.1.2)."""


def html(*children: Child) -> Html:
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children if child is not None))


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """`class_` and `data_state` become `class` and `data-state`; True gives a bare attribute, False and None none."""
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    end = "" if name in _VOID else f"</{name}>"
    return Html(f"<{name}{written}>{html(*children)}{end}")


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def table(rows: tuple[tuple[str, str], ...], caption: str) -> Html:
    """Two columns: what it is called, and what it says."""
    body = (html(tag("tr", tag("th", name, scope="row"), tag("td", value))) for name, value in rows)
    return tag("table", tag("caption", caption), tag("tbody", *body))


def scrolling(name: str, content: Html | str, label: str, class_: str) -> Html:
    """Something that may be larger than its place: reachable by keyboard, and it says what it is."""
    return tag(name, content, class_=class_, tabindex="0", role="region", aria_label=label)
