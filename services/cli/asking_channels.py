"""For `vestka doctor`: would each channel's far side talk to us now? Nothing is sent."""

from __future__ import annotations

import asyncio

from services.notify.app import open_notify_channels
from services.notify.channels.base import Channel
from services.notify.settings import NotifySettings
from services.runtime.settings import SettingsError, load_settings

Finding = tuple[str, bool | None, str]
"""What was looked at, whether it is well, and what to do where it is not."""


async def ask_channels() -> list[Finding]:
    """One finding for each channel that is on and has a far side of its own."""
    try:
        channels, egress = open_notify_channels(load_settings(NotifySettings))
    except SettingsError as error:
        return [("configuration", False, f"{str(error).splitlines()[0]} 'vestka check-config' says all")]
    try:
        asked = [channel for channel in channels.values() if channel.shared]
        return list(await asyncio.gather(*map(_ask, asked)))
    finally:
        for channel in channels.values():
            await channel.close()
        await egress.close()


async def _ask(channel: Channel) -> Finding:
    trouble = await channel.ask()
    if trouble is None:
        return f"channel {channel.name}", True, ""
    return f"channel {channel.name}", False, f"{trouble.reason}: {trouble.says}"
