"""The portal as a browser meets it: the real service on ports of its own, and what there is in a page of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import httpx

from services.demo.stage import free_ports, until_ready
from services.portal.app import build_portal
from services.portal.settings import PortalSettings
from tests.redis.running import running
from tests.road import PATIENCE

PUBLIC_URL = "https://news.example.org"


@dataclass(frozen=True)
class OpenPortal:
    """Its two sides."""

    public: httpx.AsyncClient
    private: httpx.AsyncClient


@asynccontextmanager
async def open_portal(redis_url: str, state: Path, **changes: object) -> AsyncIterator[OpenPortal]:
    ports = free_ports("public", "private")
    usual = {
        "state_dir": state,
        "portal_port": ports["public"],
        "portal_private_port": ports["private"],
        "public_url": PUBLIC_URL,
    }
    service = await build_portal(PortalSettings.model_validate(usual | changes), redis_url)
    async with running(service):
        await until_ready({"portal": ports["private"]}, PATIENCE)
        async with _client(ports["public"]) as public, _client(ports["private"]) as private:
            yield OpenPortal(public, private)


def _client(port: int) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)


class PageParts(HTMLParser):
    """What a page holds: its elements, its links, and what a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.shown).split())

    @property
    def links(self) -> list[str]:
        return [attrs.get("href") or "" for tag, attrs in self.elements if tag in ("a", "link")]

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]
