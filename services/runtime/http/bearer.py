"""Who is let in: whose bearer token (RFC 6750) a request has, and what is said to one that has nobody's.

A right token is always let in, however many wrong ones came from the same address. Behind a proxy everybody has one
address, so whoever guesses could otherwise lock everybody out; and against guessing stands the length of a token, not
the count of tries. That count keeps a flood of guesses cheap, and out of the log.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from services.runtime.http.callers import Callers
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.refusals import Refusals
from services.runtime.http.web import Problem
from services.runtime.metrics import Metrics

WRONG_TOKENS: Final = 10
"""A minute, of one network: more than anybody needs who mistyped one, or forgot that it was changed."""


@dataclass(frozen=True, slots=True)
class WrongTokens:
    """How many wrong tokens a network may show: one count for all the doors of a process."""

    limit: RateLimit
    callers: Callers
    refusals: Refusals
    clock: Callable[[], float]
    """Seconds that never go back."""

    def refused(self, request: Request, kind: str, hint: str) -> Problem:
        """What to answer; `hint` says which token is wanted."""
        host = request.client.host if request.client else None
        wait = self.limit.take(self.callers.key(host), self.clock())
        if wait:
            self.refusals.note(kind, "wrong_tokens")
            return too_many("wrong-tokens", "Too many wrong tokens came from this network.", wait)
        self.refusals.note(kind, "token")
        return Problem(HTTPStatus.UNAUTHORIZED, "token", hint, {"www-authenticate": "Bearer"})


class Doorkeeper:
    """Stands at the doors of one kind. Of the tokens only digests are kept, with a key of this process."""

    def __init__(self, kind: str, tokens: Mapping[str, str], hint: str, salt: bytes, wrong: WrongTokens) -> None:
        """`tokens`: the names, and what each must bear. `hint`: for whoever bears none of them."""
        self._kind = kind
        self._hint = hint
        self._salt = salt
        self._wrong = wrong
        self._known = {name: self._digest(token) for name, token in tokens.items()}

    @property
    def admits_anybody(self) -> bool:
        return bool(self._known)

    def admit(self, request: Request) -> str:
        """Whose token it is. Every token is compared, in constant time, whichever is right. Raises Problem."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        digest = self._digest(given)
        names = [name for name, known in self._known.items() if hmac.compare_digest(digest, known)]
        if scheme.lower() != "bearer" or not names:
            raise self._wrong.refused(request, self._kind, self._hint)
        return names[0]

    def _digest(self, token: str) -> bytes:
        return hashlib.blake2b(token.encode(errors="surrogatepass"), key=self._salt).digest()


class Gatehouse:
    """What the doorkeepers of one process share, made once: a salt of its own, and the count of wrong tokens."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float], salt: bytes) -> None:
        """`clock`: seconds that never go back. `salt`: 16 to 64 random bytes."""
        self._salt = salt
        self.clock = clock
        self.refusals = Refusals(metrics, clock)
        self._wrong = WrongTokens(RateLimit(WRONG_TOKENS, WRONG_TOKENS), Callers(salt), self.refusals, clock)

    def keeper(self, kind: str, tokens: Mapping[str, str], hint: str) -> Doorkeeper:
        """See Doorkeeper."""
        return Doorkeeper(kind, tokens, hint, self._salt, self._wrong)


def too_many(slug: str, what: str, wait: float) -> Problem:
    """429 (RFC 6585, section 4) with Retry-After in whole seconds. `wait`: seconds."""
    seconds = max(1, math.ceil(wait))
    detail = f"{what} Come again in {seconds} s."
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, slug, detail, {"retry-after": str(seconds)})
