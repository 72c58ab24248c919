"""Does a digest say the same numbers, names and dates in each language? As `parity` asks of one event; pure as well."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from services.contract import Event
from services.notify.content.parity import ADDING, SHORT, Disparity, Parity, PartsByLanguage, added, compared


def digest_differences(
    parity: Parity, events: Sequence[Event], texts: PartsByLanguage, subjects: Mapping[str, str]
) -> tuple[Disparity, ...]:
    """None where all agree. `subjects`: of each language. A subject tells the first story and how many others there
    are, or how many in all, as there is room for: of it each number and name must stand somewhere in what every other
    language says, but for that count. Where a text begins with it it is left out of that."""
    if len(texts) < 2:
        return ()
    reader, counts = parity.reader_of(events, frozenset(texts)), (len(events), len(events) - 1)
    said = {
        code: {part: reader.read(code, part, _body(part, text, subjects[code])) for part, text in parts.items()}
        for code, parts in texts.items()
    }
    for of_parts in said.values():
        for part in SHORT & of_parts.keys():
            for count in counts:
                of_parts[part].numbers.pop(count, None)
    parts = next(iter(texts.values()))
    comparing = ((added if part in ADDING | SHORT else compared)(part, said) for part in parts)
    return tuple(found for each in comparing for found in each)


def _body(part: str, text: str, subject: str) -> str:
    if part in ADDING | SHORT or not subject:
        return text
    return text.removeprefix(subject).replace(f"<b>{html.escape(subject, quote=False)}</b>", " ", 1)
