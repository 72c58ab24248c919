"""Which channels are on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from services.egress import Egress
from services.notify.channels import CHANNELS, ChannelSettings, open_channels

EMAIL = {"host": "mail", "sender": "alerts@vestka.example.org", "list_id": "alerts.vestka.example.org"}


async def test_a_channel_without_settings_is_off() -> None:
    egress = Egress()
    assert open_channels(ChannelSettings(), egress) == {}
    await egress.close()


async def test_each_channel_is_on_under_its_own_name() -> None:
    egress = Egress()
    settings = ChannelSettings.model_validate({"email": EMAIL, "telegram": {}, "webhook": {}})
    opened = open_channels(settings, egress)
    assert {name: channel.name for name, channel in opened.items()} == {name: name for name in CHANNELS}
    await egress.close()


@pytest.mark.parametrize(
    "wrong", [{"sender": "nobody"}, {"list_id": "<alerts>\r\nBcc: x"}, {"starttls": "maybe"}, {"ehlo_name": "a b"}]
)
def test_a_setting_that_cannot_be_used_is_found_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises((ValidationError, ValueError)):
        ChannelSettings.model_validate({"email": EMAIL | wrong})
