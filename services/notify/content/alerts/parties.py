"""One party is one party: whoever speaks in an event, known by one id, and each source by one name of the language."""

from __future__ import annotations

from operator import is_
from typing import Any, Final

import msgspec

from services.contract import Event, Party, Source
from services.notify.content.languages import Language
from services.struct_fields import fields_holding

_SPEAKING: Final = (Party, Source)


def identified(event: Event, language: Language) -> Event:
    """The event with every party under the id it is known by, and every source named as the party that carries it."""
    found: Event = _identified(event, language)
    return found


def _identified(value: Any, language: Language) -> Any:
    """What has no party in it comes back as it is: most of an event, and this is asked of each event and language."""
    if isinstance(value, Party):
        known = language.party_id(value.id, value.name)
        return value if known == value.id else msgspec.structs.replace(value, id=known)
    if isinstance(value, tuple):
        found = [_identified(one, language) for one in value]
        return value if all(map(is_, found, value)) else tuple(found)
    if isinstance(value, msgspec.Struct):
        whole = _with_parts_identified(value, language)
        return _named(whole, language) if isinstance(whole, Source) else whole
    return value


def _with_parts_identified(whole: msgspec.Struct, language: Language) -> msgspec.Struct:
    changed = {}
    for name in fields_holding(type(whole), _SPEAKING):
        part = getattr(whole, name)
        if part and (found := _identified(part, language)) is not part:
            changed[name] = found
    return msgspec.structs.replace(whole, **changed) if changed else whole


def _named(source: Source, language: Language) -> Source:
    # A name that came in with a text proves nothing: only of sources of ours is it looked up.
    outlet = language.party_id(source.outlet, source.name) if source.speaks_for else source.outlet
    known = language.known_party(outlet)
    name = known.name if known else language.outlet(source.name)
    return msgspec.structs.replace(source, name=name, outlet=outlet)
