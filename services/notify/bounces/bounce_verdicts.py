"""What a status means for an address: a table. Pure.

The codes are those of the IANA registry of enhanced mail system status codes (RFC 3463, RFC 5248, RFC 7505).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from services.notify.bounces.returned_mail import NotDelivered, ReturnedMail


class BounceVerdict(StrEnum):
    ENDS = "ends"  # no such mailbox, no such domain, a domain that takes no mail
    COMPLAINT = "complaint"
    OURS = "ours"  # our reputation, our sender, our letter: the address stays
    PASSING = "passing"  # three times in three days it pauses
    NOTHING = "nothing"


_ENDS: Final = frozenset({("1", "1"), ("1", "2"), ("1", "10")})
_OURS: Final = frozenset({("1", "7"), ("1", "8")})
"""Our sender's address."""
_OURS_BY_SUBJECT: Final = frozenset({"5", "6", "7"})
"""How we speak, what the letter is made of, and what they think of us."""
_WORST_FIRST: Final = (BounceVerdict.ENDS, BounceVerdict.OURS, BounceVerdict.PASSING)


def verdict_on(mail: ReturnedMail) -> BounceVerdict:
    """The one that counts where there are several."""
    if mail.complaint:
        return BounceVerdict.COMPLAINT
    found = {_of(one) for one in mail.not_delivered}
    return next((one for one in _WORST_FIRST if one in found), BounceVerdict.NOTHING)


def _of(one: NotDelivered) -> BounceVerdict:
    _, subject, detail = one.status
    if one.failed and (subject, detail) in _ENDS:
        return BounceVerdict.ENDS
    if (subject, detail) in _OURS or subject in _OURS_BY_SUBJECT:
        return BounceVerdict.OURS
    return BounceVerdict.PASSING
