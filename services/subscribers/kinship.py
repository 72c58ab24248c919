"""Two subscribers who share an address become one: who keeps what. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from services.subscribers.address_index import canonical
from services.subscribers.subscriber import StoredAddress, Subscriber

MOVED: Final = "moved"
"""Why an address of one subscriber has ended that another has now."""


def is_elsewhere(address: StoredAddress) -> bool:
    return address.ended == MOVED


def joined(owner: Subscriber, other: Subscriber) -> Subscriber:
    """The owner of a shared address, with all that the other had asked for there.

    The more careful word of either counts: a stop, discreet mode, an address that ended.
    """
    return msgspec.structs.replace(
        owner,
        since=min(owner.since, other.since),
        mode="discreet" if "discreet" in (owner.mode, other.mode) else owner.mode,
        tests=owner.tests or other.tests,
        updates=owner.updates or other.updates,
        active=owner.active and other.active,
        stopped=owner.stopped or other.stopped,
        zone=owner.zone or other.zone,
        quiet=owner.quiet or other.quiet,
        urgent=owner.urgent and other.urgent,
        silent=owner.silent or other.silent,
        cover="code_word" if "code_word" in (owner.cover, other.cover) else "fold",
        code_word=owner.code_word or other.code_word,
        interests=tuple(dict.fromkeys((*owner.interests, *other.interests))),
        owed=tuple(dict.fromkeys((*owner.owed, *other.owed))),
        owed_on=tuple(dict.fromkeys((*owner.owed_on, *other.owed_on))),
        addresses=tuple(_with_what_is_known(one, other) for one in owner.addresses),
    )


def _with_what_is_known(own: StoredAddress, other: Subscriber) -> StoredAddress:
    """A partner's new secret signs first, and one that was given before goes on signing."""
    for one in other.addresses:
        if one.channel == own.channel and one.digest == own.digest is not None:
            secrets = tuple(dict.fromkeys((*one.secrets, *own.secrets)))
            ended = own.ended or (None if is_elsewhere(one) else one.ended)
            openpgp = own.openpgp or one.openpgp
            return msgspec.structs.replace(own, secrets=secrets, ended=ended, openpgp=openpgp)
    return own


def related(one: Subscriber, other: Subscriber) -> tuple[Subscriber, Subscriber]:
    """Both, each with the other's number among its kin."""
    return _with_kin(one, other.number), _with_kin(other, one.number)


def _with_kin(one: Subscriber, number: int) -> Subscriber:
    return msgspec.structs.replace(one, kin=tuple(sorted({*one.kin, number})))


def without_kin(one: Subscriber, number: int) -> Subscriber:
    return msgspec.structs.replace(one, kin=tuple(other for other in one.kin if other != number))


def handed_over(giver: Subscriber, taker: Subscriber) -> tuple[Subscriber, Subscriber]:
    """The giver's other working addresses go to the taker, on channels where that one has none."""
    going = tuple(
        one
        for one in giver.addresses
        if one.ended is None and all(one.channel != has.channel for has in taker.addresses)
    )
    left = tuple(elsewhere(one) if one in going else one for one in giver.addresses)
    return (
        msgspec.structs.replace(giver, addresses=left),
        msgspec.structs.replace(taker, addresses=(*taker.addresses, *going)),
    )


def elsewhere(address: StoredAddress) -> StoredAddress:
    return msgspec.structs.replace(address, ended=MOVED, digest=None)


def kept_address(new: StoredAddress, known: Subscriber) -> StoredAddress:
    for one in known.addresses:
        given = canonical(one.channel, one.given or one.target)
        if one.channel == new.channel and given == canonical(new.channel, new.target):
            target = new.target if one.given is None else one.target
            ended = None if is_elsewhere(one) else one.ended
            # Nobody's letters go out in clear because a certificate was not named once more.
            openpgp = one.openpgp if new.openpgp is None else new.openpgp or None
            # Which bot a chat wrote to is known of it, and a file that does not name one does not say the usual one.
            bot = new.bot or one.bot
            return msgspec.structs.replace(
                one, target=target, secrets=new.secrets, ended=ended, ended_at=one.ended_at, openpgp=openpgp, bot=bot
            )
    return new


def of_channel(subscriber: Subscriber, channel: str) -> Subscriber:
    """As far as one channel goes."""
    addresses = tuple(one for one in subscriber.addresses if one.channel == channel)
    return msgspec.structs.replace(subscriber, addresses=addresses, label=None)
