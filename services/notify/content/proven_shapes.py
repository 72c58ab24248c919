"""What spares an event its renderings in every language and mode: others of its shape were rendered, and agreed.

A template takes every number, name and date from an `Alert` or from a phrase, and nothing but the alert's shape decides
which lines it writes. So once messages of a shape agreed in all their languages, templates and phrases have been held
against each other; what then can still differ from event to event is what the alerts say, and that is compared for
each. Whatever is new, or does not agree here, is rendered in full, and the renderings decide. Pure.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from enum import Enum
from functools import cached_property
from typing import Final

from services.contract import Event
from services.notify.content.alerts import Alert
from services.notify.content.parity import Parity
from services.notify.content.rendering import Renderer
from services.notify.content.rendering_faults import let_shortage_through

_SHAPES_KEPT: Final = 1024
_PARTS: Final = tuple(name for name, part in vars(Alert).items() if isinstance(part, cached_property))
_APART: Final = ("subject", "preheader")
"""Parts of an alert of which `parity` asks less than of a whole text."""


class ProvenShapes:
    """Bounded; for the templates and languages of one renderer."""

    def __init__(self, renderer: Renderer, parity: Parity) -> None:
        self._renderer = renderer
        self._parity = parity
        self._proven: OrderedDict[tuple[str, Hashable], None] = OrderedDict()
        self._lately: tuple[Event, Hashable | None] | None = None

    def covers(self, event: Event, message: str) -> bool:
        """Whether messages of the event's shape agreed before, and what this one says is the same in each language.

        `message`: the channel and mode. False where anything fails: then the renderings show it.
        """
        shape = self._shape(event)
        if shape is None or (message, shape) not in self._proven:
            return False
        self._proven.move_to_end((message, shape))
        return True

    def note(self, event: Event, message: str) -> None:
        """The event's renderings agreed, in every language and none of them in plain words."""
        shape = self._shape(event)
        if shape is not None:
            self._proven[message, shape] = None
            if len(self._proven) > _SHAPES_KEPT:
                self._proven.popitem(last=False)

    def _shape(self, event: Event) -> Hashable | None:
        """None where the alerts do not agree. Channels and modes ask for the same event one after the other."""
        if self._lately is None or self._lately[0] is not event:
            self._lately = event, self._shape_where_alike(event)
        return self._lately[1]

    def _shape_where_alike(self, event: Event) -> Hashable | None:
        try:
            alerts = {code: self._renderer.alert(event, code) for code in self._renderer.languages}
            parts = {code: {name: getattr(alert, name) for name in _PARTS} for code, alert in alerts.items()}
            texts = {code: _texts(each) for code, each in parts.items()}
            if self._parity.differences(event, texts):
                return None
            return tuple(shape_of(tuple(each.values())) for each in parts.values())
        except Exception as error:
            let_shortage_through(error)
            return None


def shape_of(value: object) -> Hashable:
    """All that a template may ask about a value before it writes it: is it there, how many are they, and which of a
    closed set."""
    kind = type(value)
    if kind is str:
        return value != ""
    if isinstance(value, tuple):
        return tuple(map(shape_of, value))
    if value is None or isinstance(value, (bool, Enum)):
        return value
    names = _names(kind)
    return (kind.__name__, *(shape_of(getattr(value, name)) for name in names)) if names else bool(value)


def _texts(parts: Mapping[str, object]) -> dict[str, str]:
    """As those of a message: what is compared by itself, and all the rest as one text."""
    apart = {name: str(parts[name]) for name in _APART}
    rest = list[str]()
    for name, part in parts.items():
        if name not in _APART:
            _gather(part, rest)
    return {**apart, "text": "\n".join(rest)}


def _gather(value: object, into: list[str]) -> None:
    kind = type(value)
    if kind is str:
        into.append(str(value))
    elif isinstance(value, tuple):
        for one in value:
            _gather(one, into)
    else:
        for name in _names(kind):
            _gather(getattr(value, name), into)


def _names(kind: type) -> Iterable[str]:
    """Of its fields; none where it is no dataclass."""
    names: Iterable[str] = getattr(kind, "__dataclass_fields__", ())
    return names
