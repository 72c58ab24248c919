"""What pydantic found wrong in a file that people write, in words for them: where, what, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

_WORDS: Final = {
    "string_type": "it takes text; put it in quotes",
    "missing": "it is missing",
    "tuple_type": "it takes a list, like [a, b]",
    "model_type": "it takes fields, like {name: value}",
    "model_attributes_type": "it takes fields, like {name: value}",
    "too_short": "name at least one",
    "bool_parsing": "it takes true or false",
    "bool_type": "it takes true or false",
    "string_too_short": "it is empty; leave it away",
    "string_too_long": "it is too long",
    "dict_type": "it takes fields, like {name: value}",
}
_QUOTED: Final = re.compile(r"'([^']*)'")


def explained(problems: Sequence[Mapping[str, Any]], where: str, fields: Sequence[str] = ()) -> Iterator[str]:
    """One line a problem. What only follows from a problem further in is left out. `fields`: those that may be meant.

    Nothing that stood in the file is repeated, not even a field that we do not know: it may be a name in a wrong place.
    """
    places = [tuple(problem["loc"]) for problem in problems]
    for problem, place in zip(problems, places, strict=True):
        if any(other != place and other[: len(place)] == place for other in places):
            continue
        known = place[:-1] if problem["type"] == "extra_forbidden" else place
        yield ": ".join(filter(None, (where, ".".join(map(str, known)), _what(problem, fields))))


def _what(problem: Mapping[str, Any], fields: Sequence[str]) -> str:
    kind, message = problem["type"], str(problem["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return f"a field that we do not know{meant(str(problem['loc'][-1]), fields)}"
    if kind in ("literal_error", "enum"):
        choice = message.removeprefix("Input should be ")
        return f"it is one of {choice}{meant(str(problem.get('input')), _QUOTED.findall(choice))}"
    return _WORDS.get(kind, message)


def meant(given: str, known: Sequence[str]) -> str:
    """What of the known was probably meant, to end a sentence with; "" where nothing is near."""
    close = get_close_matches(given.lower(), [one for one in known if one != given], n=1)
    return f"; did you mean {close[0]}?" if close else ""
