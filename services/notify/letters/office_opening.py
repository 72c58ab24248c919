"""Puts the post office together, where letters can go out at all, and makes it a reader of its stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from redis.asyncio import Redis

from services.notify.channels.base import Channel
from services.notify.channels.email.channel import EmailChannel
from services.notify.content.rendering import Renderer
from services.notify.letters.letter_request import LETTERS_STREAM, LetterSeal
from services.notify.letters.post_office import PostOffice
from services.notify.letters.waiting_letters import WaitingLetters, put_back_forever
from services.notify.references import References
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.consumers import StreamConsumer
from services.runtime.dead_letters import DeadLetters
from services.runtime.deadline import within
from services.runtime.metrics import Metrics
from services.runtime.process import BackgroundTask
from services.subscribers.keyring import Keyring
from services.subscribers.manage_links import ManageLinks
from services.subscribers.vault import Vault

_AT_ONCE = 8
_PATIENCE = 75.0
"""Seconds for one letter: for waiting in line and for the conversation, each of which has its own deadline."""


def open_post_office(
    redis: Redis,
    channels: Mapping[str, Channel],
    vault: Vault,
    renderer: Renderer,
    keyring: Keyring,
    public_url: str,
    metrics: Metrics,
    now: Callable[[], float],
) -> PostOffice | None:
    """None where email is off."""
    channel = channels.get(EmailChannel.name)
    if not isinstance(channel, EmailChannel):
        return None
    return PostOffice(
        redis=redis,
        channel=channel,
        channel_hold=ChannelHold(redis, channel.name),
        vault=vault,
        renderer=renderer,
        references=References(keyring),
        seal=LetterSeal(keyring),
        links=ManageLinks(keyring, public_url),
        public_url=public_url,
        waiting=WaitingLetters(redis, now),
        dead_letters=DeadLetters(redis),
        metrics=metrics,
        now=now,
    )


def letters_consumers(office: PostOffice | None, group: str, consumer: str, idle: float) -> list[StreamConsumer]:
    """One, or none."""
    if office is None:
        return []
    handle = within(_PATIENCE, office.on_letter)
    return [StreamConsumer(LETTERS_STREAM, group, consumer, handle, office.bury, idle=idle, workers=_AT_ONCE)]


def putting_back(office: PostOffice | None) -> list[BackgroundTask]:
    return [] if office is None else [partial(put_back_forever, office.waiting)]
