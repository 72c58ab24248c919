"""Has notify look into the mailbox of what comes back, where one is configured."""

from __future__ import annotations

from functools import partial

from services.notify.bounces.bounce_desk import BounceDesk
from services.notify.bounces.bounce_mailbox import empty_mailbox_forever
from services.notify.channels.email.bounce_settings import BounceMailbox
from services.runtime.consumers import consumer_name
from services.runtime.lease import Lease
from services.runtime.process import BackgroundTask


def taking_bounces(mailbox: BounceMailbox | None, desk: BounceDesk) -> list[BackgroundTask]:
    """One process of several looks."""
    if mailbox is None:
        return []
    lease = Lease(desk.redis, "bounces", consumer_name(), lasts=3 * mailbox.every)
    return [partial(empty_mailbox_forever, mailbox, desk.take, lease.take)]
