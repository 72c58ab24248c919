"""Takes out of a tree what stands in the HTML and no reader sees, or its author struck out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.sight.colours import WHITE, Colour, read_colour
from services.ingest.sources.sight.declarations import is_out_of_sight, pixels
from services.ingest.sources.sight.selectors import Element
from services.ingest.sources.sight.stylesheets import StyleSheet, is_for_every_screen, read_stylesheets

GAP: Final = "\ufdd0"
"""Stands where something was taken out: words on its two sides are two words. No text has it (Unicode, 23.7)."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_READ: Final = _names(
    "script style template noscript iframe frame frameset noframes object embed applet param svg math canvas video "
    "audio map nav aside footer form rt rtc button input select option optgroup datalist textarea meter progress "
    "noembed rp head title meta link base -comment -doctype"
)
"""Machines' parts, what stands in for something else, controls, and what surrounds an article."""
_STRUCK: Final = _names("del s strike bdo")
"""Beside what is struck out: letters made to run backwards, so that a reader sees another number than stands there."""
_HIDING: Final = _names("hidden popover inert")
"""Attributes; `inert` is what stands behind a dialog or beside the slide that is shown."""
_HELPERS: Final = _names(
    "hidden hide is-hidden u-hidden uk-hidden d-none display-none nodisplay no-display invisible is-invisible "
    "element-invisible element-hidden visually-hidden visuallyhidden visibility-hidden u-visually-hidden sr-only "
    "screen-reader screen-reader-text screenreader-text screen-reader-only show-for-sr only-sr a11y-hidden "
    "assistive-text offscreen off-screen u-hiddenvisually amp-hidden ng-hide elementor-screen-only line-through "
    "text-line-through text-decoration-line-through strikethrough text-strikethrough has-strikethrough"
)
"""Class names that frameworks hide by (Bootstrap, Tailwind, WordPress, Drupal, Foundation, UIkit)."""
_SHOWN_WHEN_WIDE = re.compile(
    r"(?:d-)?(?:sm|md|lg|xl|xxl|2xl)[-:](?:block|flex|grid|table|inline|inline-block|inline-flex|visible|not-sr-only)"
)
"""Hidden on a telephone only."""
_ROOTS: Final = _names("html body main")
"""What hides the whole page waits for a script to show it; nobody publishes an empty page."""


class _Light(NamedTuple):
    """How the words of an element are shown, as far as they inherit it. A colour is None where nobody knows it."""

    is_visible: bool = True
    has_size: bool = True
    ink: Colour | None = None
    ground: Colour | None = None

    @property
    def shows(self) -> bool:
        if not self.is_visible or not self.has_size:
            return False
        if self.ink is None:
            return True
        return not (self.ink.is_clear or (self.ground is not None and self.ink.is_like(self.ground)))


class _Place(NamedTuple):
    node: LexborNode
    light: _Light
    parent: Element | None


def take_out_unseen(tree: LexborHTMLParser) -> None:
    """Time grows with the size of the tree, whatever its styles say."""
    root = tree.body
    if root is None:
        return
    known_ground = None if tree.css_first("link[rel~=stylesheet]") else WHITE
    for node in _unseen(root, read_stylesheets(_styles(tree)), _Light(ground=known_ground)):
        node.replace_with(GAP)


def _styles(tree: LexborHTMLParser) -> Iterable[str]:
    for style in tree.css("style"):
        media = style.attributes.get("media")
        within = style.parent.tag if style.parent else ""
        if (media is None or is_for_every_screen(media)) and within not in ("noscript", "svg"):
            yield style.text()


def _unseen(root: LexborNode, sheet: StyleSheet, light: _Light) -> list[LexborNode]:
    """The topmost nodes that are not seen; within them nothing is looked for."""
    found: list[LexborNode] = []
    above: Counter[str] = Counter(("html",))
    waiting: list[_Place | Element] = [_Place(root, light, None)]
    while waiting:
        place = waiting.pop()
        if isinstance(place, Element):  # the end of an element whose children have all been looked at
            above.subtract(place.marks)
            continue
        node = place.node
        if node.tag == "-text":
            if not place.light.shows:
                found.append(node)
            continue
        if node.tag in NEVER_READ and node.tag not in ("nav", "aside", "footer", "form"):
            continue
        element = _element(node)
        style = sheet.style_of(element, element.attributes.get("style") or "", place.parent, above)
        if node.tag not in _ROOTS and (_is_hidden(node.tag, element) or is_out_of_sight(style)):
            found.append(node)
            continue
        above.update(element.marks)
        waiting.append(element)
        within = _dimmed(place.light, node.tag, element, style)
        if node.tag in _ROOTS:
            within = _Light(ink=within.ink if within.shows else None, ground=within.ground)
        waiting.extend(_Place(child, within, element) for child in node.iter(include_text=True))
    return found


def _element(node: LexborNode) -> Element:
    attributes = node.attributes
    marks = {node.tag or "", *(f".{name}" for name in (attributes.get("class") or "").split())}
    if attributes.get("id"):
        marks.add(f"#{attributes['id']}")
    return Element(frozenset(marks), attributes)


def _is_hidden(tag: str | None, element: Element) -> bool:
    """By what HTML itself says: its element, its attributes, or a class that frameworks hide by."""
    attributes = element.attributes
    if tag in _STRUCK or not attributes.keys().isdisjoint(_HIDING):
        return True
    if (attributes.get("aria-hidden") or "").strip().lower() == "true":
        return True
    if tag == "dialog" and "open" not in attributes:
        return True
    classes = (attributes.get("class") or "").lower().split()
    return not _HELPERS.isdisjoint(classes) and not any(_SHOWN_WHEN_WIDE.fullmatch(name) for name in classes)


def _dimmed(light: _Light, tag: str | None, element: Element, style: dict[str, str]) -> _Light:
    """The light within an element, given the light around it."""
    attributes = element.attributes
    ink = style.get("-webkit-text-fill-color") or style.get("color") or attributes.get("color" if tag == "font" else "")
    ground = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if not style and not ink and not ground:
        return light._replace(ink=None) if tag == "a" else light
    if "text" in f"{style.get('background-clip')} {style.get('-webkit-background-clip')}":
        ink = "of its ground"  # letters cut out of a picture: seen, in colours nobody knows
    visibility = style.get("visibility")
    return _Light(
        is_visible=visibility not in ("hidden", "collapse")
        if visibility and visibility != "inherit"
        else light.is_visible,
        has_size=_has_size(style, light.has_size),
        ink=read_colour(ink) if ink and ink != "inherit" else None if tag == "a" else light.ink,
        ground=_ground(ground, style, light.ground),
    )


def _has_size(style: dict[str, str], inherited: bool) -> bool:
    written = style.get("font-size") or next(
        (part for part in style.get("font", "").split() if pixels(part) is not None), None
    )
    size = pixels(written.partition("/")[0]) if written else None
    if size is None:
        return inherited or bool(written and written.isalpha() and written != "inherit")
    is_relative = written is not None and written.partition("/")[0].endswith(("em", "%")) and "rem" not in written
    return size > 1.0 and (inherited or not is_relative)


def _ground(written: str | None, style: dict[str, str], around: Colour | None) -> Colour | None:
    """A picture or a gradient is a ground of unknown colour."""
    if style.get("background-image", "none") != "none":
        return None
    if not written or written in ("none", "inherit"):
        return around
    if "url(" in written or "gradient" in written or "var(" in written:
        return None
    found = next((colour for part in _parts(written) if (colour := read_colour(part))), None)
    if found is None:
        return around if written in ("initial", "unset") else None
    return around if found.is_clear else found


def _parts(written: str) -> list[str]:
    return [written, *re.findall(r"[\w#]+(?:\([^()]*\))?", written)]
