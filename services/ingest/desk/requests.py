"""What an operator may ask over HTTP: a body for each verb, read into a call of the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

import msgspec

from services.ingest.desk.correction_request import LONGEST_REASON, read_correction_request
from services.ingest.desk.decisions import Decision, Desk, Operator
from services.runtime.http.web import Problem

Ask = Callable[[Desk, Operator, str], Awaitable[Decision]]
"""With the desk, who asks, and the story's id."""

ReasonText = Annotated[str, msgspec.Meta(pattern=r"\S", max_length=LONGEST_REASON)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every body has in common: that it knows its call."""

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        raise NotImplementedError


class _Approve(_Body, frozen=True):
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        return desk.approve(by, story_id, self.reason)


class _Hold(_Body, frozen=True):
    reason: ReasonText

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        return desk.hold(by, story_id, self.reason)


class _ToReaders(_Body, frozen=True, kw_only=True):
    """A verb of which readers are told why."""

    lines: dict[Annotated[str, msgspec.Meta(max_length=5)], ReasonText] = {}
    """What readers of a language are told besides, by its code."""


class _Merge(_ToReaders, frozen=True):
    other: Id
    """The story that is the same happening, and ends."""
    reason: ReasonText

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        return desk.merge(by, story_id, self.other, self.reason, self.lines)


class _Split(_ToReaders, frozen=True):
    reports: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=1000)]
    reason: ReasonText

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        return desk.split(by, story_id, self.reports, self.reason, self.lines)


class _Correct(_ToReaders, frozen=True):
    field: Id
    value: bool | int | str | tuple[str, ...] | None
    """null: it is not known."""
    reason: ReasonText
    said_by: Id | None = None

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        given = list(self.value) if isinstance(self.value, tuple) else self.value
        return desk.correct(
            by, story_id, read_correction_request(self.field, given, self.said_by), self.reason, self.lines
        )


class _Retract(_ToReaders, frozen=True):
    reason: ReasonText

    def ask(self, desk: Desk, by: Operator, story_id: str) -> Awaitable[Decision]:
        return desk.retract(by, story_id, self.reason, self.lines)


VERBS: Final[dict[str, type[_Body]]] = {
    "approve": _Approve,
    "hold": _Hold,
    "merge": _Merge,
    "split": _Split,
    "correct": _Correct,
    "retract": _Retract,
}


def read_request(verb: str, body: bytes) -> Ask:
    """Raises Problem for a verb that there is not, and for a body that is not the verb's."""
    if verb not in VERBS:
        raise Problem(HTTPStatus.NOT_FOUND, "verb", f"A story can be asked to: {', '.join(VERBS)}.")
    return read_body(body, VERBS[verb]).ask


T = TypeVar("T", bound=msgspec.Struct)


def read_body(body: bytes, kind: type[T]) -> T:
    """Raises Problem for a body that is not of this kind."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "body", f"{_where(error)} {_takes(kind)}") from None


def _where(error: Exception) -> str:
    """Without values: one may be a name."""
    text: Any = str(error)
    if isinstance(error, msgspec.ValidationError) and "missing required field" in text:
        return f"{text}."
    if isinstance(error, msgspec.ValidationError) and "unknown field" in text:
        return "The body has a field that this verb does not take."
    _, found, path = text.rpartition(" - at ")
    return f"The body is wrong at {path}." if found else "The body is no JSON object."


def _takes(kind: type[msgspec.Struct]) -> str:
    fields = msgspec.structs.fields(kind)
    needed = [one.name for one in fields if one.required]
    may = [one.name for one in fields if not one.required]
    must = f"It needs {', '.join(needed)}" if needed else "It needs nothing"
    return f"{must}{' and may have ' + ', '.join(may) if may else ''}."
