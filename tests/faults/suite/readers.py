"""Who is subscribed in a house: made-up readers of each channel, and the file that names them."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.suite.counting import Reader
from tests.faults.suite.far_sides.hooks import Hooks


@dataclass(slots=True)
class Readers:
    """`mark` stands in every address, so that a scan finds one that leaked."""

    email: int = 0
    telegram: int = 0
    webhook: int = 0
    more: list[Reader] = field(default_factory=list)
    """Added by a case, with a command."""
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    secret: str = field(default_factory=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())

    def addresses(self) -> list[str]:
        return [f"reader{n}.{self.mark}@readers.example" for n in range(self.email)]

    def chats(self) -> list[str]:
        return [str(4_815_162_000 + n) for n in range(self.telegram)]

    def endpoints(self) -> list[str]:
        return [f"endpoint{n}" for n in range(self.webhook)]

    def everybody(self) -> list[Reader]:
        named = (("email", self.addresses()), ("telegram", self.chats()), ("webhook", self.endpoints()))
        return [*((channel, reader) for channel, readers in named for reader in readers), *self.more]

    def secrets(self) -> list[str]:
        """What must stand in no log."""
        return [self.mark, self.secret.removeprefix("whsec_"), *self.chats()]

    def write(self, file: Path, hooks: Hooks) -> None:
        """The subscribers file."""
        urls = [hooks.url(name, number, self.mark) for number, name in enumerate(self.endpoints())]
        entries = [
            *(_entry(f"email-{n}", "email", one) for n, one in enumerate(self.addresses())),
            *(_entry(f"telegram-{n}", "telegram", one) for n, one in enumerate(self.chats())),
            *(_entry(f"webhook-{n}", "webhook", one, self.secret) for n, one in enumerate(urls)),
        ]
        file.write_text(json.dumps({"subscribers": entries}))


def _entry(label: str, channel: str, target: str, *secret: str) -> dict[str, object]:
    one = {"channel": channel, "target": target, **({"secrets": list(secret)} if secret else {})}
    return {"id": label, "channels": [one]}
