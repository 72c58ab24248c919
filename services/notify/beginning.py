"""What notify does before it reads its first event."""

from __future__ import annotations

import structlog

from services.contract import NOTIFY_GROUP
from services.notify.channels import CHANNELS
from services.notify.ground import Ground
from services.notify.letters.letter_request import LETTERS_STREAM
from services.notify.notify_parts import NotifyParts
from services.notify.opened_vault import warn_of_state_folder
from services.notify.repair.emptied import pause_if_emptied
from services.notify.repair.old_letters import seal_old_letters
from services.notify.topology import ensure_groups
from services.runtime.clock import rfc3339
from services.runtime.streams import ensure_group
from services.subscribers.keyring import take_into_use
from services.subscribers.subscribers_file import load_file

log = structlog.get_logger(__name__)

_NAME_THE_KEY_BEFORE = "name the key before in VESTKA_LINK_KEYS_BEFORE; until then the links made with it are dead"


async def prepare(ground: Ground, parts: NotifyParts) -> None:
    redis, clock = ground.redis, ground.clock
    await clock.look(redis)
    await _look_whether_emptied(ground)
    if not await take_into_use(redis, ground.keyring):
        log.warning("link_key_changed", todo=_NAME_THE_KEY_BEFORE)
    if sealed := await seal_old_letters(parts.notifier.dead_letters, ground.references):
        log.info("old_letters_sealed", count=sealed)
    await _load_subscribers(ground)
    await parts.shared.changes.open()
    # They begin at 0, so nothing that came meanwhile is passed over.
    await ensure_groups(redis, list(parts.senders))
    await ensure_group(redis, LETTERS_STREAM, NOTIFY_GROUP)


async def _look_whether_emptied(ground: Ground) -> None:
    try:
        folder = ground.settings.notify_state / "store"
        await pause_if_emptied(ground.redis, folder, CHANNELS, rfc3339(ground.clock()))
    except OSError as error:
        warn_of_state_folder(
            f"VESTKA_STATE_DIR cannot be used ({error.strerror}): a store that was emptied is not noticed"
        )


async def _load_subscribers(ground: Ground) -> None:
    file, now = ground.settings.subscribers_file, rfc3339(ground.clock())
    if file is not None:
        count = await load_file(file, ground.vault, ground.channels, ground.renderer.languages, now)
        log.info("subscribers_loaded", count=count)
