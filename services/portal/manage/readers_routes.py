"""What readers do themselves, put together: joining, managing, moving."""

from __future__ import annotations

from collections.abc import Callable

from redis.asyncio import Redis
from starlette.routing import BaseRoute

from services.notify.letters.letter_request import LetterBox
from services.portal.frame.door_pages import DoorPages
from services.portal.manage.manage_door import ManageDoor, manage_routes
from services.portal.manage.move_door import MoveDoor, move_routes
from services.portal.manage.openpgp_door import OpenPgpDoor, openpgp_routes
from services.portal.settings import PortalSettings
from services.portal.signup.form_seal import FormSeal
from services.portal.signup.sign_up_limits import SignUpLimits
from services.portal.signup.signup_door import SignupDoor, signup_routes
from services.runtime.steady_clock import seconds_gone_by
from services.subscribers.keyring import Keyring
from services.subscribers.manage_links import ManageLinks
from services.subscribers.moves import Moves
from services.subscribers.signups import Signups
from services.subscribers.vault import Vault


def readers_routes(
    pages: DoorPages,
    settings: PortalSettings,
    redis: Redis,
    vault: Vault,
    keyring: Keyring,
    now: Callable[[], float],
) -> list[BaseRoute]:
    """`now`: Unix seconds."""
    limits = SignUpLimits(
        redis, seconds_gone_by, settings.join_per_minute, settings.join_per_network, settings.portal_proxies
    )
    seal, moves = FormSeal(keyring, now), Moves(redis, keyring)
    joining = SignupDoor(pages, vault, Signups(redis, keyring), LetterBox(redis, keyring), seal, limits)
    managing = ManageDoor(joining, ManageLinks(keyring, settings.public_url), moves, now)
    encrypting = openpgp_routes(OpenPgpDoor(managing, now))
    return [*signup_routes(joining), *encrypting, *manage_routes(managing), *move_routes(MoveDoor(joining, moves))]
