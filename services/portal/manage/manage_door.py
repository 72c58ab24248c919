"""`/manage`: a link is asked for by mail, and for an hour whoever has it changes, pauses, moves, takes or ends theirs.

Looking changes nothing. Who asks for a link hears the same for every address.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.notify.channels.email.mail_addresses import read_mail_address
from services.portal.frame.asked import Asked
from services.portal.frame.form_fields import FormFields, fields_of, one_of
from services.portal.frame.page_refused import PageRefused
from services.portal.signup.choice_form import ChoiceForm, ChoiceProblem, form_of, read_choices
from services.portal.signup.cover_form import cover_form_of, read_cover
from services.portal.signup.habit_form import habit_form_of, read_habits, shown_habits
from services.portal.signup.signup_door import EMAIL, SignupDoor, shown_form, speaking
from services.subscribers.address import InvalidAddress
from services.subscribers.exported import own_file
from services.subscribers.manage_links import ManageLinks, ManagePass
from services.subscribers.moves import Move, Moves
from services.subscribers.owed import what_waits
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.signups import chosen, keeping
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)

Verb = Callable[["ManageDoor", Asked, "Managed", FormFields], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Managed:
    """Whose page it is, by which link."""

    subscriber: Subscriber
    passed: ManagePass
    token: str


@dataclass(frozen=True, slots=True)
class ManageDoor:
    """`now`: Unix seconds."""

    joining: SignupDoor
    links: ManageLinks
    moves: Moves
    now: Callable[[], float]

    async def ask(self, request: Request) -> Response:
        """The form by which a link is asked for."""
        pages = self.joining.pages
        asked = pages.asked(request)
        if request.method != "POST":
            return self._asking(asked)
        self.joining.limits.check(request)
        fields = await fields_of(request)
        self.joining.seal.check(fields, "manage")
        try:
            target = read_mail_address(one_of(fields, EMAIL)).text
        except InvalidAddress:
            return self._asking(asked, one_of(fields, EMAIL), "address")
        await self.joining.write("manage", target, asked.language)
        return pages.page(asked, "door/said", words="door.manage.sent")

    async def overview(self, request: Request) -> Response:
        """All that can be changed, as it is now."""
        asked, managed = await self.admitted(request)
        return self._page(asked, managed, form_of(managed.subscriber))

    async def before_erasing(self, request: Request) -> Response:
        asked, managed = await self.admitted(request)
        seal = self.joining.seal.close("manage", managed.token)
        return self.joining.pages.page(asked, "door/erase", form_seal=seal, token=managed.token)

    async def change(self, request: Request) -> Response:
        """`/manage/{token}/{verb}`: each changes one thing, and says so."""
        verb = _VERBS.get(str(request.path_params["verb"]))
        if verb is None:
            raise PageRefused.of("not_found")
        asked, managed = await self.admitted(request)
        fields = await fields_of(request)
        self.joining.seal.check(fields, "manage", managed.token)
        try:
            return await verb(self, asked, managed, fields)
        except UnknownSubscriber:  # erased in between
            raise link_is_over() from None

    async def save(self, asked: Asked, managed: Managed, fields: FormFields) -> Response:
        pages, known = self.joining.pages, managed.subscriber
        read = read_choices(fields, pages.languages, known.interests)
        cover = read_cover(fields, cover_form_of(known))
        habits = read_habits(fields, habit_form_of(known), known.interests)
        problems = (*read.problems, *habits.problems, *cover.problems)
        if read.choices is None or problems:
            typed = shown_habits(pages.words(asked).locale, habits.form, habit_form_of(known))
            return self._page(asked, managed, read.form, problems, cover=cover.form, **typed)
        choices = habits.onto(cover.onto(keeping(read.choices, known)))
        changed = await self.joining.vault.amend(known.number, lambda one: chosen(one, choices))
        log.info("subscriber_changed")
        return self._page(
            asked,
            _now(managed, changed),
            form_of(changed),
            notices=(*read.notices, *_of_waiting(known, changed)),
            saved="saved",
        )

    async def pause(self, asked: Asked, managed: Managed, _fields: FormFields) -> Response:
        return await self._set_active(asked, managed, active=False)

    async def go_on(self, asked: Asked, managed: Managed, _fields: FormFields) -> Response:
        return await self._set_active(asked, managed, active=True)

    async def stop(self, asked: Asked, managed: Managed, _fields: FormFields) -> Response:
        changed = await self.joining.vault.stop(managed.subscriber.number)
        log.info("subscriber_stopped")
        return self._page(asked, _now(managed, changed), form_of(changed), saved="stopped")

    async def move(self, asked: Asked, managed: Managed, fields: FormFields) -> Response:
        known, typed = managed.subscriber, one_of(fields, "new_address")
        try:
            target = read_mail_address(typed).text
        except InvalidAddress:
            problem = ChoiceProblem("new_address", "address")
            return self._page(asked, managed, form_of(known), (problem,), new_address=typed)
        old = known.address_on(EMAIL)
        if old is None:
            raise link_is_over()
        digest = await self.joining.vault.digest_of(EMAIL, old.target)
        tokens = await self.moves.put(Move(known.number, EMAIL, digest, target, known.language))
        await self.joining.write("move_old", old.target, known.language, tokens["old"])
        await self.joining.write("move_new", target, known.language, tokens["new"])
        return self._page(asked, managed, form_of(known), saved="moving")

    async def export(self, _asked: Asked, managed: Managed, _fields: FormFields) -> Response:
        """What is kept of them, and nothing of how we keep it."""
        body = own_file(managed.subscriber, self.now())
        headers = {
            "content-disposition": 'attachment; filename="subscription.json"',
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        return Response(body, media_type="application/json", headers=headers)

    async def erase(self, asked: Asked, managed: Managed, _fields: FormFields) -> Response:
        try:
            await self.joining.vault.erase(managed.subscriber.number)
        except FilesNotRewritten as error:
            log.error("erasing_not_finished", todo=str(error))
            return self.joining.pages.page(asked, "door/said", words="door.manage.erased_later")
        log.info("subscriber_erased")
        return self.joining.pages.page(asked, "door/said", words="door.manage.erased")

    async def _set_active(self, asked: Asked, managed: Managed, *, active: bool) -> Response:
        changed = await self.joining.vault.set_active(managed.subscriber.number, active)
        log.info("subscriber_resumed" if active else "subscriber_paused")
        return self._page(asked, _now(managed, changed), form_of(changed), saved="resumed" if active else "paused")

    async def admitted(self, request: Request) -> tuple[Asked, Managed]:
        """Raises PageRefused: the link is none of ours, or has ended."""
        token = str(request.path_params["token"])
        passed = self.links.read(token)
        if passed is None:
            raise PageRefused(HTTPStatus.NOT_FOUND, "door.manage.refused.link")
        try:
            subscriber = await self.joining.vault.get(passed.number)
        except UnknownSubscriber:
            raise link_is_over() from None
        if not passed.admits(subscriber, self.now()):
            raise link_is_over()
        asked = speaking(self.joining.pages.asked(request), subscriber.language)
        return asked, Managed(subscriber, passed, token)

    def _asking(self, asked: Asked, email: str = "", problem: str = "") -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        seal = self.joining.seal.close("manage")
        return self.joining.pages.page(asked, "door/manage_ask", status, email=email, problem=problem, form_seal=seal)

    def _page(
        self, asked: Asked, managed: Managed, form: ChoiceForm, problems: tuple[ChoiceProblem, ...] = (), **values: Any
    ) -> Response:
        known, pages = managed.subscriber, self.joining.pages
        shown = {
            **shown_form(pages, asked, form, problems, known),
            "saved": "",
            "notices": (),
            "new_address": "",
            "cover": cover_form_of(known),
            **shown_habits(pages.words(asked).locale, habit_form_of(known)),
            "email": known.address_on(EMAIL),
            "base": f"/manage/{managed.token}",
            "active": known.active,
            "stopped": known.stopped is not None and not known.active,
            "minutes": max(1, int((managed.passed.until - self.now()) / 60)),
            "form_seal": self.joining.seal.close("manage", managed.token),
            **values,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        return pages.page(asked, "door/manage", status, **shown)


def _now(managed: Managed, changed: Subscriber) -> Managed:
    return Managed(changed, managed.passed, managed.token)


def link_is_over() -> PageRefused:
    return PageRefused(HTTPStatus.GONE, "door.manage.refused.over")


_VERBS: Final[dict[str, Verb]] = {
    "save": ManageDoor.save,
    "pause": ManageDoor.pause,
    "resume": ManageDoor.go_on,
    "stop": ManageDoor.stop,
    "move": ManageDoor.move,
    "export": ManageDoor.export,
    "erase": ManageDoor.erase,
}


def manage_routes(door: ManageDoor) -> list[BaseRoute]:
    return [
        Route("/manage", door.ask, methods=["GET", "HEAD", "POST"]),
        Route("/manage/{token}", door.overview, methods=["GET", "HEAD"]),
        Route("/manage/{token}/erase", door.before_erasing, methods=["GET", "HEAD"]),
        Route("/manage/{token}/{verb}", door.change, methods=["POST"]),
    ]


def _of_waiting(known: Subscriber, changed: Subscriber) -> tuple[str, ...]:
    waits = what_waits(known, changed)
    return (f"waits_{waits}",) if waits else ()
