"""One attempt as it is carried about: of which event, for whom, by which claim, and how far it came."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.contract import Event
from services.notify.delivery.ledger import Claim
from services.notify.delivery.retries import Due
from services.notify.delivery.sender import ChannelSender


@dataclass(slots=True)
class Attempt:
    sender: ChannelSender
    event: Event
    due: Due
    claim: Claim
    probe: bool = False
    """Made to see whether a far side that was away is back; it spends nothing."""
    began: float = 0.0
    """By the sender's `ticks`."""
    out: bool = field(default=False, init=False)
    """The message was about to leave: from here on nobody but the far side knows what became of it."""

    @property
    def tag(self) -> str:
        """What stands for the delivery in a log."""
        return self.sender.references.log_tag(self.sender.channel.name, self.event.id, self.claim.number)
