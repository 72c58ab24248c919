"""What comes in by itself: accepted once, durably, and read through later. `accept` is the door for sources, operators
and partners alike; `POST /v1/reports` is its form over HTTP.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
import structlog
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.contract import ITEMS_STREAM, PartyClass
from services.ingest.evidence import EvidenceStore, original_of
from services.ingest.news_time import FIRST_YEAR, LAST_YEAR, known_date
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results, item_key
from services.runtime.streams import Entry
from services.runtime.web import Problem, body_of

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 1_000_000
_REMEMBERED_FOR: Final = 30 * 24 * 3600
_KEY_REMEMBERED_FOR: Final = 24 * 3600

_ACCEPT: Final = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then
  redis.call('XADD', KEYS[2], '*', 'id', ARGV[3], 'item', ARGV[4])
  return 1
end
return 0
"""


class Accepted(msgspec.Struct, frozen=True):
    """The answer to whoever hands something in. The id is derived from the content."""

    id: str
    duplicate: bool


class Intake:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._evidence = EvidenceStore(redis)
        self._accept = redis.register_script(_ACCEPT)

    async def accept(self, item: Item) -> Accepted:
        """When this returns, the item survives a crash of ours. The same content again is a duplicate."""
        item_id = id_of(item)
        if await self._redis.exists(item_key(item_id)):  # whose bytes are kept already, as they first came
            return Accepted(item_id, duplicate=True)
        evidence = await self._evidence.put(original_of(item))
        fresh = await self._accept(
            keys=[item_key(item_id), ITEMS_STREAM],
            args=[
                msgspec.json.encode(ReadResult(state="accepted")),
                _REMEMBERED_FOR,
                item_id,
                msgspec.json.encode(replace(item, original=None, evidence=evidence)),
            ],
        )
        return Accepted(item_id, duplicate=not fresh)

    async def bind_key(self, key: str, item_id: str) -> bool:
        """Ties an Idempotency-Key to what it first came with; false where it came with something else before."""
        name = f"vestka:idempotency:{hashlib.sha256(key.encode()).hexdigest()}"
        await self._redis.set(name, item_id, nx=True, ex=_KEY_REMEMBERED_FOR)
        return bool(await self._redis.get(name) == item_id)


def id_of(item: Item) -> str:
    """Of the content; the same text read as on a certain day is another item."""
    parts = [item.url or "", item.title or "", item.body, *([item.as_of.isoformat()] if item.as_of else ())]
    digest = hashlib.sha256("\x1f".join(parts).encode(errors="replace"))
    return f"it-{digest.hexdigest()[:24]}"


class UndecodableItem(ValueError):
    """A stream entry that is no item of ours. The message says where it is wrong, never what stood there."""


def decode_entry(entry: Entry) -> tuple[str, Item]:
    """The item with its id. Raises UndecodableItem."""
    missing = [name for name in ("id", "item") if name not in entry.fields]
    if missing:
        raise UndecodableItem(f"the entry has no field '{missing[0]}'")
    return entry.fields["id"], decode_item(entry.fields["item"])


def decode_item(raw: str) -> Item:
    """Raises UndecodableItem."""
    try:
        return msgspec.json.decode(raw, type=Item)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        # msgspec's text may quote a value, but not in the path at its end.
        _, found, path = str(error).rpartition(" - at ")
        raise UndecodableItem(f"wrong at {path}" if found else "no JSON of an item's shape") from None


Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_BYTES)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /v1/reports`: a text, and where it is from. Times are RFC 3339 with an offset."""

    text: Text
    source: Short
    title: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=2000, pattern="^https?://")] | None = None
    published: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")] | None = None
    html: bool = False

    def __post_init__(self) -> None:
        if self.published is not None and known_date(self.published) is None:
            raise ValueError(
                f"`published` lies outside the years {FIRST_YEAR} to {LAST_YEAR}; correct it or leave it out"
            )


def to_item(submission: Submission, received: datetime) -> Item:
    """A partner vouches for the text, not for its class: it counts as media until its words show an authority."""
    return Item(
        source_id="partner",
        source_name=submission.source,
        source_class=PartyClass.MEDIA,
        body=submission.text,
        media_type="text/html" if submission.html else "text/plain",
        title=submission.title,
        url=submission.url,
        published=submission.published,
        language=submission.language,
        received=received,
        solicited=True,
    )


@dataclass(frozen=True, slots=True)
class ReportsDoor:
    """`POST /v1/reports`: 202 with the id, or a problem that says what, where and what to do."""

    intake: Intake
    results: Results
    token: str | None
    now: Callable[[], float]

    async def post(self, request: Request) -> Response:
        self._admit(request)
        submission = _read(await body_of(request, MOST_BYTES))
        item = to_item(submission, datetime.fromtimestamp(self.now(), UTC))
        key = request.headers.get("idempotency-key")
        if key is not None and not await self.intake.bind_key(key, id_of(item)):
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This Idempotency-Key came with another body before. Use a new key for a new report.",
            )
        accepted = await self.intake.accept(item)
        log.info("report_accepted", id=accepted.id, duplicate=accepted.duplicate)
        return JSONResponse(msgspec.to_builtins(accepted), status_code=HTTPStatus.ACCEPTED)

    async def get(self, request: Request) -> Response:
        self._admit(request)
        result = await self.results.get(request.path_params["item_id"])
        if result is None:
            raise Problem(HTTPStatus.NOT_FOUND, "report", "No report of this id was accepted within the last 30 days.")
        return JSONResponse({"id": request.path_params["item_id"], **msgspec.to_builtins(result)})

    def _admit(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "token",
                "Send 'Authorization: Bearer <token>' with the token that VESTKA_REPORT_TOKEN holds.",
                {"www-authenticate": "Bearer"},
            )


def report_routes(door: ReportsDoor) -> list[BaseRoute]:
    return [
        Route("/v1/reports", door.post, methods=["POST"]),
        Route("/v1/reports/{item_id}", door.get, methods=["GET"]),
    ]


def _read(body: bytes) -> Submission:
    try:
        return msgspec.json.decode(body, type=Submission)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        detail: Any = str(error)
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "report",
            f"{detail}. The body is a JSON object with 'text' and 'source', and may have 'title', 'url', 'published' "
            "(RFC 3339), 'language' and 'html'.",
        ) from None
