"""How somebody whom an operator brings in has agreed: it is said in the audit, or they are asked by mail."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from services.cli.deciding import operator_name
from services.notify.letters.letter_request import LetterBox, LetterRequest
from services.notify.opened_vault import keyring_of
from services.notify.settings import NotifySettings
from services.operations.audit import AuditEntry, note_down
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.signups import Choices, Signup, Signups
from services.subscribers.subscriber import Subscriber
from services.subscribers.taking_in import Taken, TakenAs
from services.subscribers.vault import Vault

_EMAIL = "email"


async def note_consent(redis: Redis, count: int, how: str) -> None:
    """`how`: added or imported. Nobody's number or label is in it."""
    if not count:
        return
    detail = f"{count} {how}, and count as confirmed: the operator answers for their consent"
    entry = AuditEntry(who=operator_name(None), what="consent", story="subscribers", revision=0, detail=detail)
    async with redis.pipeline() as pipe:
        note_down(pipe, entry, time.time())
        await pipe.execute()


@dataclass(frozen=True, slots=True)
class AskedByMail:
    """Takes nobody in: each gets a letter, by which they join themselves."""

    vault: Vault
    signups: Signups
    letters: LetterBox

    async def take_in(self, batch: Sequence[Subscriber]) -> list[Taken | Exception]:
        """What became of each, in order."""
        return [await self._ask(one) for one in batch]

    async def _ask(self, new: Subscriber) -> Taken | Exception:
        if len(new.addresses) != 1 or new.addresses[0].channel != _EMAIL or new.label is not None:
            return UnusableSubscribers("whom to ask by mail has one address, which is email, and no label")
        target = new.addresses[0].target
        signup = Signup(_EMAIL, target, Choices(new.language, new.mode, new.updates, new.interests))
        token = await self.signups.put(signup, await self.vault.digest_of(_EMAIL, target))
        await self.letters.ask_for(LetterRequest("join", target, new.language, token))
        return Taken(TakenAs.ASKED)


async def asked_by_mail(redis: Redis, settings: NotifySettings, vault: Vault) -> AskedByMail:
    keyring = await keyring_of(redis, settings)
    return AskedByMail(vault, Signups(redis, keyring), LetterBox(redis, keyring))
