"""`/manage/{token}/key`: the certificate that somebody's letters are encrypted to, handed in or taken away.

It comes by the form and in no other way. What is in it is shown to nobody but who has the link: a fingerprint, to be
compared, and until when it may be used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.portal.frame.asked import Asked
from services.portal.frame.form_fields import one_of
from services.portal.frame.page_refused import PageRefused
from services.portal.frame.uploaded_form import UploadedForm, uploaded_form
from services.portal.manage.manage_door import Managed, ManageDoor, link_is_over
from services.portal.signup.signup_door import EMAIL
from services.subscribers.certificates import MOST_GIVEN, UnfitCertificate, named, read_certificate
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)

_AROUND: Final = 8_192
"""Bytes of a form beside the certificate in it."""


@dataclass(frozen=True, slots=True)
class OpenPgpDoor:
    """`now`: Unix seconds."""

    managing: ManageDoor
    now: Callable[[], float]

    async def key(self, request: Request) -> Response:
        """One route for both, so that a 405 names all that is allowed."""
        asked, managed = await self.managing.admitted(request)
        if managed.subscriber.address_on(EMAIL) is None:
            raise PageRefused.of("not_found")
        if request.method != "POST":
            return self._page(asked, managed)
        form = await uploaded_form(request, 2 * MOST_GIVEN + _AROUND)
        self.managing.joining.seal.check(form.fields, "key", managed.token)
        if "remove" in form.fields:
            return await self._kept(asked, managed, None)
        try:
            return await self._kept(asked, managed, read_certificate(_given(form), self.now()))
        except UnfitCertificate as error:
            return self._page(asked, managed, problem=error.slug)

    async def _kept(self, asked: Asked, managed: Managed, openpgp: str | None) -> Response:
        try:
            changed = await self.managing.joining.vault.amend(
                managed.subscriber.number, lambda known: _encrypted(known, openpgp)
            )
        except UnknownSubscriber:  # erased in between
            raise link_is_over() from None
        log.info("subscriber_changed")
        done = "removed" if openpgp is None else "saved"
        return self._page(asked, replace(managed, subscriber=changed), done=done)

    def _page(self, asked: Asked, managed: Managed, *, problem: str = "", done: str = "") -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
        seal = self.managing.joining.seal.close("key", managed.token)
        return self.managing.joining.pages.page(
            asked,
            "door/openpgp",
            status,
            form_seal=seal,
            base=f"/manage/{managed.token}",
            key=shown_key(managed.subscriber, self.now()),
            problem=problem,
            done=done,
        )


@dataclass(frozen=True, slots=True)
class ShownKey:
    fingerprint: str
    until: str
    """A day; "" where it has no end."""
    state: str
    """A key of `door.openpgp.state`."""


def shown_key(subscriber: Subscriber, now: float) -> ShownKey | None:
    """None where what comes by email is not encrypted."""
    address = subscriber.address_on(EMAIL)
    if address is None or address.openpgp is None:
        return None
    try:
        fingerprint, until = named(address.openpgp)
    except UnfitCertificate:
        return ShownKey("", "", "unfit")
    over = until is not None and until.timestamp() <= now
    return ShownKey(fingerprint, "" if until is None else until.date().isoformat(), "unfit" if over else "used")


def _given(form: UploadedForm) -> bytes:
    """The file, or what was pasted."""
    return form.files.get("file") or one_of(form.fields, "pasted").encode()


def _encrypted(known: Subscriber, openpgp: str | None) -> Subscriber:
    addresses = tuple(
        msgspec.structs.replace(one, openpgp=openpgp) if one.channel == EMAIL else one for one in known.addresses
    )
    return msgspec.structs.replace(known, addresses=addresses)


def openpgp_routes(door: OpenPgpDoor) -> list[BaseRoute]:
    return [Route("/manage/{token}/key", door.key, methods=["GET", "HEAD", "POST"])]
