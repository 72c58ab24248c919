"""What the bot cannot run with is said before it starts."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from services.portal.bot.open_bot import unreachable_bot
from services.portal.settings import PortalSettings

TOKEN = {"telegram": {"token": "1:made-up"}}


def settings(**given: Any) -> PortalSettings:
    return PortalSettings.model_validate({"channels": TOKEN, **given})


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, 0),
        ({"bot": {"updates": "webhook"}}, 1),
        ({"bot": {"updates": "webhook"}, "public_url": "http://alerts.example.org"}, 1),
        ({"bot": {"updates": "webhook"}, "public_url": "https://alerts.example.org"}, 0),
        ({"bot": {"updates": "webhook"}, "pages_url": "https://alerts.example.org"}, 0),
        ({"bot": {"updates": "off"}}, 0),
    ],
)
def test_a_webhook_that_telegram_cannot_reach_is_named(given: dict[str, Any], problems: int) -> None:
    found = list(unreachable_bot(settings(**given)))
    assert len(found) == problems
    assert all("VESTKA_BOT__UPDATES" in one for one in found)


@pytest.mark.parametrize(
    "bot", [{"updates": "both"}, {"answers_per_second": 0}, {"answers_per_second": 30}, {"token": "x"}]
)
def test_settings_that_are_none_are_refused(bot: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(bot=bot)
