"""The sessions of one process with its mail server: as few as will do, kept for the next letters, never too many.

One session is opened when there is a letter, more while letters wait. While a server takes no session of ours, one at
a time is tried, so that nobody is banned for a login that is wrong.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import Final

from services.notify.channels.base import Outcome, Reason, Retry
from services.notify.channels.email.mail_settings import EmailSettings, trusted
from services.notify.channels.email.mailing import Mailing
from services.notify.channels.email.reading_ahead import ReadingAhead
from services.notify.channels.email.session import Session
from services.notify.channels.email.session_opening import NotOpened, Opening
from services.notify.channels.email.smtp_replies import NotForThisReader
from services.notify.channels.email.transaction import Offers
from services.notify.throttle.shared_places import OwnPlaces, Places

_REST_SECONDS: Final = 5.0
"""After so long without a letter a session says goodbye."""
_GROW_SECONDS: Final = 0.01
_PATIENCE_SECONDS: Final = 0.005
"""While a letter has waited for longer, there are more sessions every `_GROW_SECONDS`, twice as many each time."""
_NO_MORE_SECONDS: Final = 10.0
"""A server that has some sessions of ours and refuses one more is not asked again sooner."""
_LOOK_SECONDS: Final = 0.25
_GOODBYE_SECONDS: Final = 1.0
_NO_PLACE_SECONDS: Final = 0.1
"""While the sessions of all notifiers are in use, it is asked again after so long."""


class SessionPool:
    """`places`: what limits the sessions of all notifiers together."""

    def __init__(self, settings: EmailSettings, places: Places | None = None) -> None:
        self._settings = settings
        self._places = places or OwnPlaces()
        self._places.attach(self._could_use, self._give_back)
        self._to_give_back = 0
        """Sessions that end after their letter, so that another notifier has one."""
        self._no_place_at = float("-inf")
        self.ahead = ReadingAhead(time.monotonic)
        self._waiting: deque[Mailing] = deque()
        self._pending: dict[Mailing, None] = {}
        """All that were handed in and are not done; whose time ends first comes first."""
        self._sessions: set[Session] = set()
        self._resting: list[Session] = []
        self._opening: set[asyncio.Task[None]] = set()
        self._welcome = False
        """The last session that we asked for was opened."""
        self._no_more_until = float("-inf")
        self._stood_at = float("-inf")
        """When a session stood last, while none does."""
        self._emptied = asyncio.Event()
        self._looks: asyncio.TimerHandle | None = None
        self._grows: asyncio.TimerHandle | None = None

    async def carry(self, mailing: Mailing) -> Outcome | NotForThisReader:
        """What became of it: within the deadline from when a session has it, for which it waits as long at most. What
        waited in line and then left late would be answered too late, and go out again. Raises what `leave` does."""
        mailing.deadline = mailing.created + self._settings.deadline
        self._pending[mailing] = None
        self._waiting.append(mailing)
        self._hand_out()
        self._look_soon()
        try:
            return await mailing.result
        finally:
            self._pending.pop(mailing, None)
            if mailing.result.cancelled() and mailing.session is not None:
                mailing.session.give_up(mailing, Retry(Reason.TIMEOUT))

    async def close(self) -> None:
        """Says goodbye where there is a session; those with a letter in hand are cut."""
        openings = list(self._opening)
        for opening in openings:
            opening.cancel()
        await asyncio.gather(*openings, return_exceptions=True)
        for session in list(self._sessions):
            if session in self._resting:
                session.quit()
            else:
                session.abort()
        if self._sessions:
            self._emptied.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._emptied.wait()
        for session in list(self._sessions):
            session.abort()
        for timer in (self._looks, self._grows):
            if timer is not None:
                timer.cancel()
        self._looks = self._grows = None
        await self._places.close()

    def next(self) -> Mailing | None:
        return None if self._to_give_back else self._next_waiting()

    def _next_waiting(self) -> Mailing | None:
        while self._waiting:
            mailing = self._waiting.popleft()
            if not mailing.done:
                return mailing
        return None

    def begun(self, mailing: Mailing, session: Session) -> None:
        mailing.began, mailing.session = time.monotonic(), session
        mailing.deadline = mailing.began + self._settings.deadline
        self._pending.pop(mailing, None)
        self._pending[mailing] = None  # nobody's time ends later

    def waits(self) -> bool:
        return bool(self._waiting)

    def again(self, mailing: Mailing) -> None:
        mailing.session = None
        if not mailing.done:
            self._waiting.appendleft(mailing)
            self._hand_out()

    def any_rest(self) -> bool:
        return bool(self._resting)

    def rests(self, session: Session) -> None:
        if self._to_give_back:
            self._to_give_back -= 1
            session.quit()
            return
        self._resting.append(session)

    def gone(self, session: Session) -> None:
        if session in self._sessions:
            self._places.release()
        self._sessions.discard(session)
        self._stood_at = time.monotonic()
        if not self._sessions:
            self._emptied.set()
        if session in self._resting:
            self._resting.remove(session)
        if self._waiting:
            self._grow_soon()

    def _hand_out(self) -> None:
        while self._waiting and self._resting:
            self._resting.pop().start()
        if not self._waiting:
            return
        if self._sessions or self._opening:
            self._grow_soon()
        elif self._may_open():
            self._open_one()

    def _grow_soon(self) -> None:
        if self._grows is None and self._may_open() > 0:
            self._grows = asyncio.get_running_loop().call_later(_GROW_SECONDS, self._grow)

    def _grow(self) -> None:
        self._grows = None
        if not self._waiting:
            return
        if time.monotonic() - self._waiting[0].created > _PATIENCE_SECONDS or not self._sessions:
            for _ in range(min(self._may_open(), max(1, len(self._sessions)), len(self._waiting))):
                self._open_one()
        self._grow_soon()

    def _may_open(self) -> int:
        if time.monotonic() < self._no_place_at + _NO_PLACE_SECONDS:
            return 0
        under_way = len(self._sessions) + len(self._opening)
        if under_way == 0:
            return 1
        if not self._welcome or time.monotonic() < self._no_more_until:
            return 0
        return self._settings.sessions - under_way

    def _open_one(self) -> None:
        opening = asyncio.get_running_loop().create_task(self._open())
        self._opening.add(opening)
        opening.add_done_callback(self._has_opened)

    def _has_opened(self, opening: asyncio.Task[None]) -> None:
        self._opening.discard(opening)
        if self._waiting and self._sessions:  # some were handed in meanwhile
            self._grow_soon()

    async def _open(self) -> None:
        if not await self._places.take():
            self._no_place_at = time.monotonic()
            asyncio.get_running_loop().call_later(_NO_PLACE_SECONDS, self._hand_out)
            return
        kept = False
        try:
            kept = await self._opened()
        finally:
            if not kept:
                self._places.release()

    async def _opened(self) -> bool:
        """In a place that was taken."""
        opening, opened = Opening(self._settings, self._tls), list[Session]()

        def speaker(transport: asyncio.Transport, offers: Offers) -> Session:
            most = self._settings.letters_per_session
            opened.append(Session(transport, offers, self._settings.sender, most, self))
            return opened[0]

        try:
            await opening.greet()
            opening.handed_to(speaker)
        except NotOpened as refusal:
            self._not_opened(partial(Mailing.finish, outcome=refusal.outcome))
        except Exception as error:  # ours, and it goes to every letter that waits for the session
            self._not_opened(partial(Mailing.fail, error=error))
        else:
            self._welcome = True
            self._sessions.add(opened[0])
            opened[0].start()
            self._look_soon()
            return True
        return False

    def _not_opened(self, end: Callable[[Mailing], None]) -> None:
        """Where no other session stands or may yet be opened, it is so for all that wait."""
        if self._sessions or len(self._opening) > 1:
            self._no_more_until = time.monotonic() + _NO_MORE_SECONDS
            return
        self._welcome = False
        while (mailing := self._next_waiting()) is not None:
            end(mailing)

    def _could_use(self) -> int:
        """How many sessions more."""
        return min(len(self._waiting), self._settings.sessions - len(self._sessions))

    def _give_back(self, count: int) -> None:
        """Those at rest first; the others after the letter that they have in hand."""
        for session in self._resting[:count]:
            self._resting.remove(session)
            session.quit()
            count -= 1
        self._to_give_back = max(0, min(count, len(self._sessions) - 1))

    def _look_soon(self) -> None:
        if self._looks is None and (self._pending or self._sessions):
            wait = _LOOK_SECONDS
            if self._pending:
                wait = min(wait, max(0.0, next(iter(self._pending)).deadline - time.monotonic()))
            self._looks = asyncio.get_running_loop().call_later(wait, self._look)

    def _look(self) -> None:
        self._looks, now = None, time.monotonic()
        for mailing in list(self._overdue(now)):
            self._end(mailing)
        for session in list(self._sessions):
            session.look(now)
        for session in [one for one in self._resting if now - one.since > _REST_SECONDS]:
            self._resting.remove(session)
            session.quit()
        self._look_soon()

    def _overdue(self, now: float) -> list[Mailing]:
        overdue = []
        for mailing in self._pending:
            if mailing.deadline > now:
                break
            overdue.append(mailing)
        return overdue

    def _end(self, mailing: Mailing) -> None:
        """Too late. Where others are served, waiting for one's turn is no failure of the server, and spends nothing."""
        self._pending.pop(mailing, None)
        late = Retry(Reason.TIMEOUT)
        if mailing.session is not None:
            mailing.session.give_up(mailing, late)
        served_others = self._sessions or max(self._stood_at, self._no_place_at) >= mailing.created
        mailing.finish(replace(late, spends_attempt=False) if served_others else late)

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        return trusted(self._settings)
