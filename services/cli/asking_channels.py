"""For `vestka doctor`: would each channel's far side talk to us now? Nothing is sent."""

from __future__ import annotations

import asyncio

from services.notify.assembly import open_notify_channels
from services.notify.channels.base import Channel
from services.notify.settings import NotifySettings
from services.operations.telling.settings import Operators
from services.runtime.settings import SettingsError, load_settings

Finding = tuple[str, bool | None, str]
"""What was looked at, whether it is well, and what to do where it is not."""


async def ask_channels() -> list[Finding]:
    """One finding for each channel that is on and has a shared far side, and one about who is told of alarms."""
    try:
        settings = load_settings(NotifySettings)
        channels, egress = open_notify_channels(settings)
    except SettingsError as error:
        return [("configuration", False, f"{str(error).splitlines()[0]} 'vestka check-config' says all")]
    try:
        asked = [channel for channel in channels.values() if channel.shared]
        return [*await asyncio.gather(*map(_ask, asked)), _operators(settings.operators)]
    finally:
        for channel in channels.values():
            await channel.close()
        await egress.close()


def _operators(operators: Operators) -> Finding:
    """A note, since a house on one machine may do without."""
    if not operators.email and operators.webhook is None:
        return "operators", None, "nobody is told of alarms: set VESTKA_OPERATORS__EMAIL and VESTKA_OPERATORS__WEBHOOK"
    if operators.webhook is None and operators.relay is None:
        return "operators", None, "alarms go by email alone, those about email too: set VESTKA_OPERATORS__WEBHOOK"
    return "operators", True, ""


async def _ask(channel: Channel) -> Finding:
    trouble = await channel.ask()
    if trouble is None:
        return f"channel {channel.name}", True, ""
    return f"channel {channel.name}", False, f"{trouble.reason}: {trouble.says}"
