"""One party is one party: whoever speaks in an event, known by one id, and each source by one name of the language."""

from __future__ import annotations

from typing import Any

import msgspec

from services.contract import Event, Party, Source
from services.notify.content.languages import Language


def identified(event: Event, language: Language) -> Event:
    """The event with every party under the id it is known by, and every source named as the party that carries it."""
    found: Event = _identified(event, language)
    return found


def _identified(value: Any, language: Language) -> Any:
    if isinstance(value, Party):
        return msgspec.structs.replace(value, id=language.party_id(value.id, value.name))
    if isinstance(value, tuple):
        return tuple(_identified(one, language) for one in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: _identified(getattr(value, name), language) for name in value.__struct_fields__}
        whole = msgspec.structs.replace(value, **fields)
        return _named(whole, language) if isinstance(whole, Source) else whole
    return value


def _named(source: Source, language: Language) -> Source:
    # A name that came in with a text proves nothing: only of sources of ours is it looked up.
    outlet = language.party_id(source.outlet, source.name) if source.speaks_for else source.outlet
    known = language.known_party(outlet)
    name = known.name if known else language.outlet(source.name)
    return msgspec.structs.replace(source, name=name, outlet=outlet)
