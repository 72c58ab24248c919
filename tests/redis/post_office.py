"""The post office as notify has it, with a real mail server behind it, worked by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from redis.asyncio import Redis

from services.demo.inbox import Inbox
from services.notify.channels import EmailChannel, EmailSettings
from services.notify.letters.letter_request import LETTERS_STREAM, LetterBox, LetterKind, LetterRequest
from services.notify.letters.office_opening import open_post_office
from services.notify.letters.post_office import PostOffice
from services.runtime.metrics import Metrics
from services.runtime.streams import all_entries, milliseconds_of
from services.subscribers.keyring import Keyring
from services.subscribers.vault import Vault
from tests.letters import renderer_at
from tests.redis.house import Clock

PUBLIC = "https://alerts.example.org"


@dataclass
class PostRoom:
    redis: Redis
    vault: Vault
    inbox: Inbox
    keyring: Keyring
    channel: EmailChannel
    clock: Clock = field(default_factory=Clock)
    """As late as the letter that is worked on, and `later` seconds more."""
    later: float = 0.0
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        found = open_post_office(
            self.redis,
            {"email": self.channel},
            self.vault,
            renderer_at(),
            self.keyring,
            PUBLIC,
            self.metrics,
            self.clock,
        )
        assert found is not None
        self.office: PostOffice = found
        self.box = LetterBox(self.redis, self.keyring)

    async def ask_for(self, kind: LetterKind, target: str, language: str = "en", token: str = "") -> None:
        await self.box.ask_for(LetterRequest(kind, target, language, token))
        await self.work()

    async def work(self) -> None:
        """Whatever stands on the stream."""
        async for entry in all_entries(self.redis, LETTERS_STREAM):
            self.clock.at = milliseconds_of(entry.id) / 1000 + self.later
            await self.office.on_letter(entry)

    async def waiting_letters(self) -> list[str]:
        """As they stand on the stream, sealed."""
        return [entry.fields["letter"] async for entry in all_entries(self.redis, LETTERS_STREAM)]

    def counted(self) -> dict[tuple[str, ...], float]:
        samples = [sample for metric in self.metrics.letters.collect() for sample in metric.samples]
        return {tuple(one.labels.values()): one.value for one in samples if one.name.endswith("_total")}


def channel_to(inbox: Inbox) -> EmailChannel:
    return EmailChannel(
        EmailSettings(
            host="127.0.0.1",
            port=inbox.port,
            starttls="off",
            sender="alerts@vestka.example",
            list_id="alerts.vestka.example",
            deadline=5,
        )
    )
