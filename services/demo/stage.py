"""The stage of `vestka demo`: three receivers, the services set up to reach them, and the article that goes in."""

from __future__ import annotations

import asyncio
import base64
import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from redis.asyncio import Redis

from services.contract import PartyClass
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.exercise import Exercise
from services.demo.inbox import Inbox
from services.demo.live_page import page
from services.demo.local_server import LocalServer
from services.demo.sample_article import SampleArticle
from services.demo.webhooks import WebhookReceiver
from services.ingest.intake import Intake, id_of
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from services.notify.assembly import ledger_of
from services.notify.channels import CHANNELS
from services.notify.delivery.revisions import Revisions
from services.notify.fanout.events import Events
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.references import References
from services.notify.repair.replay import Replayer, Selection
from services.notify.settings import NotifySettings
from services.runtime.settings import REPOSITORY, load_settings

PAGE_PORT: Final = 8700
READER: Final = "reader@demo.example"
CHAT: Final = "1001"
LABELS: Final = ("demo-reader", "demo-chat", "demo-newsroom")


@dataclass(frozen=True, slots=True)
class DemoStage:
    """Three receivers and the page that shows what they got."""

    inbox: Inbox
    chat: TelegramStandIn
    webhooks: WebhookReceiver
    page_url: str
    token: str
    secret: str

    def arrived(self) -> dict[str, bool]:
        """By channel: is there a message that the receiver accepted?"""
        return {
            "email": bool(self.inbox.messages),
            "telegram": bool(self.chat.messages),
            "webhook": any(call.verified for call in self.webhooks.calls),
        }

    def environment(self, state_dir: Path, ports: Mapping[str, int]) -> dict[str, str]:
        """What makes the services send here. Only for a machine on its own: without TLS, to loopback. Where `ports` has
        the portal's two, readers' links and pages are its own; else notify answers the links."""
        public = f"http://127.0.0.1:{ports.get('portal', ports['notify'])}"
        door = (
            {
                "VESTKA_PORTAL_PORT": str(ports["portal"]),
                "VESTKA_PORTAL_PRIVATE_PORT": str(ports["portal, private"]),
                "VESTKA_PAGES_URL": public,
            }
            if "portal" in ports
            else {}
        )
        return {
            **door,
            "VESTKA_STATE_DIR": str(state_dir),
            "VESTKA_KEYS_DIR": str(state_dir / "keys"),
            "VESTKA_INGEST_PORT": str(ports["ingest"]),
            "VESTKA_NOTIFY_PORT": str(ports["notify"]),
            "VESTKA_PUBLIC_URL": public,
            "VESTKA_SUBSCRIBERS_FILE": str(REPOSITORY / "infra" / "subscribers.yaml"),
            "VESTKA_WATCH_SOURCES": "false",
            "VESTKA_ALLOW_HTTP": "true",
            "VESTKA_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
            "VESTKA_CHANNELS__EMAIL__HOST": "127.0.0.1",
            "VESTKA_CHANNELS__EMAIL__PORT": str(self.inbox.port),
            "VESTKA_CHANNELS__EMAIL__STARTTLS": "off",
            "VESTKA_CHANNELS__EMAIL__SENDER": "alerts@vestka.example",
            "VESTKA_CHANNELS__EMAIL__LIST_ID": "alerts.vestka.example",
            "VESTKA_CHANNELS__TELEGRAM__API_BASE": self.chat.base_url,
            "VESTKA_CHANNELS__TELEGRAM__TOKEN": self.token,
            "VESTKA_CHANNELS__WEBHOOK__DEADLINE": "15",
            "VESTKA_DEMO_EMAIL": READER,
            "VESTKA_DEMO_CHAT": CHAT,
            "VESTKA_DEMO_ENDPOINT": self.webhooks.url,
            "VESTKA_DEMO_SECRET": self.secret,
        }


@asynccontextmanager
async def open_stage(page_port: int = 0, exercise: Exercise | None = None) -> AsyncIterator[DemoStage]:
    """Starts the receivers on free ports of this machine, with a token and a secret made up for this once. With an
    exercise, the page has its buttons."""
    token = f"{1_000_000 + secrets.randbelow(9_000_000)}:{secrets.token_urlsafe(26)}"
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    inbox, chat, webhooks = Inbox(), TelegramStandIn(token), WebhookReceiver(secret)
    async with AsyncExitStack() as stack:
        for receiver in (inbox, chat, webhooks):
            await receiver.start()
            stack.push_async_callback(receiver.stop)
        local = LocalServer(page(inbox, chat, webhooks, exercise), port=page_port)
        await local.start()
        stack.push_async_callback(local.stop)
        yield DemoStage(inbox, chat, webhooks, local.url, token, secret)


_BELOW_EPHEMERAL: Final = range(20_000, 32_000)
"""Where no system takes the near end of a connection from (RFC 6335, section 6; Linux begins at 32,768): what is free
here is free a moment later too."""


def free_port(preferred: int) -> int:
    """The preferred port where it is free, else any."""
    others = [_BELOW_EPHEMERAL[secrets.randbelow(len(_BELOW_EPHEMERAL))] for _ in range(100)]
    for port in (*([preferred] if preferred else []), *others):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no port of 127.0.0.1 is free")


def free_ports(*names: str) -> dict[str, int]:
    """One of its own for each."""
    ports: set[int] = set()
    while len(ports) < len(names):
        ports.add(free_port(0))
    return dict(zip(names, ports, strict=True))


async def until_ready(ports: Mapping[str, int], patience: float) -> None:
    """Waits until all services say that they are ready, each on its private port. Raises TimeoutError."""
    async with asyncio.timeout(patience), httpx.AsyncClient(trust_env=False) as client:
        for port in ports.values():
            while not await _is_ready(client, port):  # noqa: ASYNC110  (it is another process)
                await asyncio.sleep(0.1)


async def _is_ready(client: httpx.AsyncClient, port: int) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def sample_item(article: SampleArticle) -> Item:
    return Item(
        source_id="sample-wire",
        source_name=article.outlet,
        source_class=PartyClass.MEDIA,
        body=article.text.partition("\n")[2].strip(),
        title=article.title,
        url=article.url,
        published=article.published,
        language=article.language,
        received=article.published,
        as_of=article.as_of,
        solicited=True,
    )


async def was_there_before(redis: Redis, article: SampleArticle) -> bool:
    """Has this Redis accepted the article in an earlier demo?"""
    return await Results(redis).get(id_of(sample_item(article))) is not None


async def hand_in(redis: Redis, article: SampleArticle, patience: float) -> ReadResult:
    """Hands the article to ingest and waits until it is read. Raises TimeoutError."""
    accepted = await Intake(redis).accept(sample_item(article))
    results = Results(redis)
    async with asyncio.timeout(patience):
        while True:
            result = await results.get(accepted.id)
            if result is not None and result.state == "read":
                return result
            await asyncio.sleep(0.05)


async def send_again(redis: Redis, story_id: str) -> None:
    """Replays a story's first event to the demo's own subscribers, for a Redis that has seen the article before."""
    settings = load_settings(NotifySettings)
    vault = vault_of(redis, settings)
    ledgers = {name: ledger_of(redis, name) for name in CHANNELS}
    references = References(await keyring_of(redis, settings))
    replayer = Replayer(redis, Events(redis), vault, ledgers, Revisions(redis), references)
    for label in LABELS:
        subscriber = await vault.by_label(label)
        if subscriber is not None:
            plan = await replayer.plan(Selection(event_id=f"{story_id}-r1", subscriber=subscriber.number, force=True))
            await replayer.carry_out(plan, rate=None)
