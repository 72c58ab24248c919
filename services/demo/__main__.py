"""A mail catcher for development: an SMTP server that keeps its letters in memory, and the page that shows them.

    python -m services.demo --host 0.0.0.0 --smtp-port 1025 --page-port 8700

It takes every letter and passes none on.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from services.demo.bot_stand_in import TelegramStandIn
from services.demo.html_tags import html, tag
from services.demo.inbox import Inbox
from services.demo.inbox_view import inbox_section
from services.demo.live_page import OUR_NAMES, page
from services.demo.local_server import LOOPBACK, LocalServer
from services.demo.shell import shell
from services.demo.webhooks import WebhookReceiver


@dataclass(frozen=True, slots=True)
class MailCatcher:
    inbox: Inbox
    page: LocalServer


@asynccontextmanager
async def catch_mail(host: str, smtp_port: int, page_port: int) -> AsyncIterator[MailCatcher]:
    """Port 0 takes a free one. Raises OSError with the remedy when a port is taken."""
    catcher = MailCatcher(inbox := Inbox(host, smtp_port), LocalServer(inbox_page(inbox), host, page_port))
    await catcher.inbox.start()
    try:
        await catcher.page.start()
        try:
            yield catcher
        finally:
            await catcher.page.stop()
    finally:
        await catcher.inbox.stop()


def inbox_page(inbox: Inbox) -> Starlette:
    """The demo's page with its inbox only: the chat and the webhooks behind it never open."""
    whole = page(inbox, TelegramStandIn("0:none"), WebhookReceiver("whsec_" + "0" * 32))

    async def overview(_request: Request) -> Response:
        body = html(tag("h1", "What arrived", class_="unseen"), inbox_section(inbox))
        return shell("What arrived", body, watch=str(inbox.kept.total))

    async def state(_request: Request) -> Response:
        return PlainTextResponse(str(inbox.kept.total), headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[Route("/", overview), Route("/state", state), Mount("/", whole)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=OUR_NAMES)],
    )


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.demo", description="A mail catcher for development.")
    parser.add_argument("--host", default=LOOPBACK, help="the address to listen on (%(default)s)")
    parser.add_argument("--smtp-port", type=int, default=1025, help="(%(default)s)")
    parser.add_argument("--page-port", type=int, default=8700, help="(%(default)s)")
    return parser.parse_args(arguments)


async def serve(arguments: argparse.Namespace) -> None:
    """Until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with catch_mail(arguments.host, arguments.smtp_port, arguments.page_port) as catcher:
        print(f"mail catcher: SMTP on port {catcher.inbox.port}, {catcher.page.url}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(read_arguments()))
