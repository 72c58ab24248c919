"""An event's letter as far as its reader lets it be seen: as it is, under a word of their own, or encrypted.

Whoever gave a certificate gets what is encrypted to it, and where that cannot be done nothing of it: a neutral letter
says so. Whoever chose a code word and has no certificate gets that word, and without one a neutral line: what is not to
be shown is not shown because something is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from services.contract import Event
from services.notify.channels.base import COVER_SLOT, STOP_URL_SLOT, Rendered
from services.notify.channels.email.letter import Draft, Own, write_text
from services.notify.channels.email.openpgp_mime import encrypted_letter
from services.notify.channels.email.splicing import ComposedLetter, Letter
from services.notify.channels.email.writing_desk import WritingDesk
from services.subscribers.address import Mode
from services.subscribers.certificates import UnfitCertificate

_NO_SUBJECT: Final = "[...]"
"""RFC 9788, section 3.2.1: what stands for a subject that is not shown."""
_NO_WORD: Final = "…"


@dataclass(frozen=True, slots=True)
class GuardedLetter:
    """What all readers of one language and mode get of an event, and in which of its forms each does."""

    usual: ComposedLetter
    discreet: Draft
    """The same with the head of a discreet letter: what stands outside, whatever the mode is."""
    within: ComposedLetter
    """That letter without a signature."""
    desk: WritingDesk

    def of(self, own: Own, openpgp: str | None, cover: str | None, now: float) -> Letter:
        """`openpgp`, `cover`: see `Address.openpgp`, `Delivery.cover`. `now`: Unix seconds. Raises UnsafeHead, and what
        else `write` does."""
        if openpgp is not None:
            return self._encrypted(own, openpgp, now)
        return self.usual.of(own) if cover is None else self._neutral("covered", own, cover)

    def _encrypted(self, own: Own, openpgp: str, now: float) -> Letter:
        subject = self.discreet.rendered.neutral.get("subject") or _NO_SUBJECT
        clear = self.within.of(own).as_it_is()
        try:
            return Letter(encrypted_letter(clear, subject, own.message_id, openpgp, now), signer=self.desk.signer)
        except UnfitCertificate:
            return self._neutral("withheld", own)

    def _neutral(self, kind: Literal["covered", "withheld"], own: Own, word: str = "") -> Letter:
        neutral = self.discreet.rendered.neutral
        text = neutral.get(kind) or f"{COVER_SLOT}\n\n{STOP_URL_SLOT}\n"
        shown = text.replace(COVER_SLOT, word or neutral.get("preheader") or _NO_WORD)
        return Letter(write_text(self.discreet, own, neutral.get("subject") or "", shown), signer=self.desk.signer)


def guarded(event: Event, rendered: Rendered, mode: Mode, usual: WritingDesk, discreet: WritingDesk) -> GuardedLetter:
    neutral = Draft(event, rendered, "discreet", discreet.head)
    open_ = ComposedLetter(Draft(event, rendered, mode, usual.head), usual.signer)
    return GuardedLetter(open_, neutral, ComposedLetter(neutral), discreet)
