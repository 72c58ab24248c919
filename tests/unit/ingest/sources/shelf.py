"""A way out that leads nowhere: pages by their address, for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from services.egress import Answer

ROOT = "https://news.example"


class Shelf:
    """A way out that leads to pages by address; what is not there is 404, a number is a status."""

    def __init__(self, pages: dict[str, str | int], content_type: str = "text/html; charset=utf-8") -> None:
        self.pages = pages
        self.content_type = content_type
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer:
        path = url.removeprefix(ROOT)
        self.asked.append(path)
        page = self.pages.get(path, 404)
        if isinstance(page, int):
            return Answer(page, {}, b"", url)
        return Answer(200, {"content-type": self.content_type, **self.headers}, page.encode(), url)
