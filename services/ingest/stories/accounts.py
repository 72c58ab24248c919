"""A story is what its accounts say: one for each text, with who carried it and whether it stands.

An account that does not stand is kept and told nowhere: neither its numbers, nor its names, nor that it exists. It
waits for an operator, or for an independent outlet that says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from services.contract import Claim, Place, Source
from services.ingest.reports import Report
from services.ingest.stories.dating import Dated, date_of
from services.sourcing import is_own_word, is_trusted

DESK: Final = "vestka"
"""The party that speaks where an operator corrects on nobody else's word; and the outlet of its sources."""


MOST_OF_AN_OUTLET: Final = 12
"""Accounts that a story keeps of one outlet that is nobody's own source: what more it says changes nothing."""


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a story keeps of one text beside its claims and persons."""

    source: int
    """Index into the story's `sources`."""
    dated: Dated
    occurred_on: str | None = None
    place: Place | None = None
    region: str | None = None
    vague_day: str | None = None
    doubtful: bool = False
    """It may have been read wrongly, so it stands only where nothing else does."""
    aside: bool = False
    """It says otherwise than what stands, and nobody independent says so too."""
    announced: bool = msgspec.field(default=False, name="told")
    """Readers were told what it says."""
    admitted: bool = False
    """An operator let it stand."""


class Accounted(Protocol):
    """As much of a story as is needed to say what stands."""

    @property
    def sources(self) -> tuple[Source, ...]: ...
    @property
    def accounts(self) -> tuple[Account, ...]: ...
    @property
    def claims(self) -> tuple[Claim, ...]: ...


def account_of(report: Report, source: int) -> Account:
    return Account(
        source=source,
        dated=date_of(report),
        occurred_on=report.occurred_on or report.facts.occurred_on,
        place=report.place,
        region=report.facts.region,
        vague_day=report.vague_day,
        doubtful=bool(report.doubts),
    )


def with_account_of(accounts: Sequence[Account], new: Account, *, same_text: bool) -> tuple[Account, ...]:
    """An edited page takes its own place again. What was told and decided of it was of the text that it showed then."""
    at = next((at for at, known in enumerate(accounts) if known.source == new.source), None)
    if at is None:
        return (*accounts, new)
    known = accounts[at]
    decided = msgspec.structs.replace(new, announced=known.announced, admitted=known.admitted)
    kept = msgspec.structs.replace(decided if same_text else new, aside=known.aside)
    return (*accounts[:at], kept, *accounts[at + 1 :])


def stands(account: Account, accounts: Sequence[Account]) -> bool:
    if account.admitted:
        return True
    return not account.aside and (not account.doubtful or all(one.doubtful for one in accounts))


def standing_accounts(story: Accounted) -> tuple[Account, ...]:
    return tuple(account for account in story.accounts if stands(account, story.accounts))


def standing_sources(story: Accounted) -> frozenset[int]:
    """Indices of the sources that may be told of. One without an account is the desk's own word, or a known act's."""
    beside = {account.source for account in story.accounts} - {account.source for account in standing_accounts(story)}
    return frozenset(range(len(story.sources))) - beside


def has_had_its_say(story: Accounted, source: Source) -> bool:
    """Has this outlet said so much of the story that it would only fill it?"""
    if is_trusted(source):
        return False
    return sum(story.sources[one.source].outlet == source.outlet for one in story.accounts) >= MOST_OF_AN_OUTLET


def voices(story: Accounted) -> list[Source]:
    """The sources whose accounts stand, one for each: what certainty is computed from."""
    return [story.sources[account.source] for account in standing_accounts(story)]


def is_firm(story: Accounted) -> bool:
    """Does an authority or a rights group say it in its own source?"""
    return any(is_own_word(source) for source in voices(story))


def waiting_accounts(story: Accounted) -> tuple[Account, ...]:
    """Those that say otherwise, of which an operator has not decided."""
    return tuple(account for account in story.accounts if account.aside and not account.admitted)


def admitted(accounts: Sequence[Account]) -> tuple[Account, ...]:
    return tuple(msgspec.structs.replace(account, admitted=True, aside=False) for account in accounts)


def carried_over(before: Accounted, after: Accounted) -> tuple[Account, ...]:
    """The accounts of `after`, with what was told and decided of the same texts in `before`."""
    known = {_text_of(before, one): one for one in before.accounts}
    return tuple(
        msgspec.structs.replace(one, announced=was.announced, admitted=was.admitted, aside=was.aside)
        if (was := known.get(_text_of(after, one)))
        else one
        for one in after.accounts
    )


def _text_of(story: Accounted, account: Account) -> tuple[str, str]:
    source = story.sources[account.source]
    return source.outlet, source.sha256


def marked_announced(story: Accounted) -> tuple[Account, ...]:
    return tuple(
        msgspec.structs.replace(account, announced=True) if stands(account, story.accounts) else account
        for account in story.accounts
    )
