"""Which endpoints take nothing: failing for long, or ended by their own word. Named by a keyed tag: alarms are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notify.delivery.channel_health import Failing
from services.notify.delivery.sender import ChannelSender
from services.notify.watching.limits import AlarmLimits
from services.operations.alarms import Found
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault import UnknownSubscriber

FAILING: Final = "endpoint_failing"
ENDED: Final = "endpoint_ended"

_FAILING: Final = (
    "it has taken nothing for more than {hours}, which began with {reason}: tell whoever runs it. What waits is tried "
    "again by itself for three days, and then lies in 'vestka dead list'"
)
_ENDED: Final = (
    "it ended itself ({reason}), and gets nothing any more: ask whoever runs it, then 'vestka subscriber resume', or "
    "'vestka subscriber erase'"
)


class EndpointWatch:
    kinds: Final = frozenset({FAILING, ENDED})

    def __init__(self, senders: Mapping[str, ChannelSender], limits: AlarmLimits) -> None:
        self._senders = [sender for sender in senders.values() if not sender.channel.shared]
        self._after = limits.endpoint_failing_after

    async def look(self, now: float) -> list[Found]:
        """`now`: Unix seconds."""
        looked = [
            await self._look_at(sender, number, failing, now)
            for sender in self._senders
            for number, failing in (await sender.health.failing_endpoints()).items()
        ]
        return [found for found in looked if found is not None]

    async def _look_at(self, sender: ChannelSender, number: int, failing: Failing, now: float) -> Found | None:
        """One whose subscriber went, was stopped, or has no such address any more is forgotten."""
        try:
            subscriber = await sender.vault.get(number)
        except UnknownSubscriber:
            subscriber = None
        stored = None if subscriber is None else _stored(subscriber, sender.name)
        if subscriber is None or stored is None or not subscriber.active:
            await sender.health.forget_endpoint(number)
            return None
        name = sender.references.endpoint_tag(sender.name, number)
        if stored.ended is not None:
            return Found(ENDED, name, _ENDED.format(reason=stored.ended))
        if now - failing.since >= self._after:
            return Found(FAILING, name, _FAILING.format(hours=_span(self._after), reason=failing.reason))
        return None


def _stored(subscriber: Subscriber, channel: str) -> StoredAddress | None:
    return next((one for one in subscriber.addresses if one.channel == channel), None)


def _span(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds > 3600 else "an hour" if seconds == 3600 else f"{seconds:g} s"
