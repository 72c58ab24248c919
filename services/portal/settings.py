"""What the portal needs to know; every setting with its default stands in `infra/settings.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from services.runtime.settings import REPOSITORY, Networks, Port
from services.subscribers.settings import ReaderLinkSettings


def _leads_away(url: str) -> str:
    if not url.startswith("https://") or any(sign in url for sign in " \"'<>"):
        raise ValueError("it is the https address of a page that anybody may be seen with")
    return url


class PortalSettings(ReaderLinkSettings):
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
    portal_proxies: Networks = ()
    """Networks of proxies of ours, whose X-Forwarded-For is believed where senders are counted."""
    templates: Path = REPOSITORY / "templates"

    @property
    def portal_url(self) -> str:
        """The base of addresses that lead to our pages from outside, as in a feed."""
        return (self.pages_url or self.about_url or f"http://127.0.0.1:{self.portal_port}").rstrip("/")
