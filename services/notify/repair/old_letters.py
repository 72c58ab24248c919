"""Dead letters of before subscribers' numbers were sealed: sealed when notify starts, under a new id."""

from __future__ import annotations

import msgspec

from services.contract import deliveries_stream
from services.notify.channels import CHANNELS
from services.notify.fanout.shard_work import sealed_fields
from services.notify.references import References
from services.runtime.dead_letters import DeadLetter, DeadLetters


async def seal_old_letters(letters: DeadLetters, references: References) -> int:
    """How many there were. Nothing is lost: what cannot be sealed stays as it is."""
    sealed = 0
    for buried in await letters.all():
        letter = _sealed(buried.letter, references)
        if letter != buried.letter:
            await letters.replace(buried, letter)
            sealed += 1
    return sealed


def sealed_work(stream: str | None, work: dict[str, str], references: References) -> dict[str, str]:
    """The fields of an entry of `stream`, sealed if that is one of deliveries; others as they are."""
    for channel in CHANNELS:
        if stream == deliveries_stream(channel):
            return sealed_fields(work, channel, references)
    return work


def _sealed(letter: DeadLetter, references: References) -> DeadLetter:
    work = sealed_work(letter.stream, letter.work, references)
    if letter.number is None or letter.channel is None or letter.event_id is None:
        return msgspec.structs.replace(letter, work=work)
    reference = references.letter(letter.channel, letter.event_id, letter.number)
    return msgspec.structs.replace(letter, work=work, number=None, reference=reference)
