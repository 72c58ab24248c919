"""Who writes to readers of one mode: what stands on the letter, and what signs it."""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.channels.email.dkim import DkimSigner
from services.notify.channels.email.letter import Letterhead
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.mail_settings import EmailSettings
from services.subscribers.address import Mode


@dataclass(frozen=True, slots=True)
class WritingDesk:
    head: Letterhead
    signer: DkimSigner | None


def desk_for(mode: Mode, settings: EmailSettings) -> WritingDesk:
    """A discreet letter is of a domain of its own where there is one, and then bears no other's signature."""
    own = settings.discreet if mode == "discreet" else None
    sender, list_id, dkim = (
        (settings.sender, settings.list_id, settings.dkim) if own is None else (own.sender, own.list_id, own.dkim)
    )
    address = read_mail_address(sender)
    head = Letterhead(address, settings.sender_name, settings.discreet_sender_name, list_id.lower())
    return WritingDesk(head, None if dkim is None else dkim.signer(address.domain))
