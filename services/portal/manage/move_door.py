"""`/move/{token}`: either of two addresses confirms that one is to take the other's place. Looking changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.portal.frame.form_fields import fields_of
from services.portal.frame.page_refused import PageRefused
from services.portal.signup.signup_door import SignupDoor, speaking
from services.subscribers.moves import Move, Moves
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MoveDoor:
    joining: SignupDoor
    moves: Moves

    async def link(self, request: Request) -> Response:
        token = str(request.path_params["token"])
        ticket = self.moves.ticket(token)
        move = None if ticket is None else await self.moves.get(ticket)
        if ticket is None or move is None:
            raise PageRefused(HTTPStatus.NOT_FOUND if ticket is None else HTTPStatus.GONE, "door.manage.refused.move")
        pages = self.joining.pages
        asked = speaking(pages.asked(request), move.language)
        if request.method != "POST":
            seal = self.joining.seal.close("move", token)
            return pages.page(asked, "door/move", side=ticket.side, form_seal=seal)
        self.joining.seal.check(await fields_of(request), "move", token)
        if not await self.moves.confirm(ticket):
            return pages.page(asked, "door/said", words="door.manage.half_moved")
        await self._carry_out(move)
        await self.moves.drop(ticket)
        log.info("subscriber_moved")
        return pages.page(asked, "door/said", words="door.manage.moved")

    async def _carry_out(self, move: Move) -> None:
        """Raises PageRefused where the address that was left is another by now."""
        vault = self.joining.vault
        try:
            known = await vault.get(move.number)
            if all(one.digest != move.old_digest for one in known.addresses):
                raise UnknownSubscriber
            await vault.amend(move.number, lambda one: _moved(one, move))
        except UnknownSubscriber:
            raise PageRefused(HTTPStatus.GONE, "door.manage.refused.move") from None


def _moved(known: Subscriber, move: Move) -> Subscriber:
    """Of the address that is left nothing stays; the certificate is the reader's, and their letters stay encrypted."""
    addresses = tuple(
        StoredAddress(channel=move.channel, target=move.target, openpgp=one.openpgp)
        if one.digest == move.old_digest
        else one
        for one in known.addresses
    )
    return msgspec.structs.replace(known, addresses=addresses)


def move_routes(door: MoveDoor) -> list[BaseRoute]:
    return [Route("/move/{token}", door.link, methods=["GET", "HEAD", "POST"])]
