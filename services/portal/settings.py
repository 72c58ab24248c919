"""What the portal needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.notify.channels.telegram.channel import TelegramSettings
from services.notify.content.settings import RenderingSettings
from services.runtime.settings import Networks, Port


def _leads_away(url: str) -> str:
    if not url.startswith("https://") or any(sign in url for sign in " \"'<>"):
        raise ValueError("it is the https address of a page that anybody may be seen with")
    return url


class ChannelsOfPortal(BaseModel):
    """What it needs of notify's channels; the others are not its business."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    telegram: TelegramSettings | None = None


class BotSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    updates: Literal["polling", "webhook", "off"] = "polling"
    """How the bot hears of what people write; webhook: Telegram reaches the portal at its public address."""
    answers_per_second: float = Field(default=5, gt=0, le=20)
    """Of all messages that Telegram takes from us in a second, how many may be answers of the bot."""
    commands_per_minute: int = Field(default=60, ge=1)
    """Of one chat, in a group of each who writes; half of them at once. What is beyond it is not looked at, but for
    /stop and /erase."""


class PortalSettings(RenderingSettings):
    portal_host: str = "127.0.0.1"
    portal_port: Port = 8703
    portal_private_host: str = "127.0.0.1"
    portal_private_port: Port = 8704
    """Of /healthz, /readyz, /metrics and /asyncapi, which are nobody's but ours."""
    portal_exit_url: Annotated[str, AfterValidator(_leads_away)] = "https://www.google.com/"
    """Where "leave this page" leads."""
    join_per_minute: int = Field(default=300, ge=0)
    """Forms about a subscription that are taken in a minute, whoever sends them; 0: no limit."""
    join_per_network: int = Field(default=30, ge=0)
    """Of these, in an hour from one network; 0: no limit."""
    channels: ChannelsOfPortal = ChannelsOfPortal()
    bot: BotSettings = BotSettings()
    portal_proxies: Networks = ()
    """Networks of proxies of ours, whose X-Forwarded-For is believed where senders are counted."""

    @property
    def portal_url(self) -> str:
        """The base of addresses that lead to our pages from outside, as in a feed."""
        return (self.pages_url or self.about_url or f"http://127.0.0.1:{self.portal_port}").rstrip("/")
