"""How they went free, by who says so: a pardon, a release, an exchange and a flight abroad are four things."""

from __future__ import annotations

from typing import Final

from services.contract import Claim, Event, Kind
from services.fact_table import ReleaseAct

_WORDS: Final = {
    ReleaseAct.PARDONED: "pardoned",
    ReleaseAct.RELEASED: "released",
    ReleaseAct.EXCHANGED: "exchanged",
    ReleaseAct.TAKEN_ABROAD: "taken_abroad",
}
"""Which phrases speak of the act."""
DETAINED: Final = "detained"


def act_of(event: Event) -> str:
    """The key of the phrases for what the event is about: "pardoned", "released", "exchanged", "taken_abroad" or
    "detained"."""
    if event.data.kind is Kind.ARREST:
        return DETAINED
    return _word(event.data.headline_facts.act) or "pardoned"


def act_said(event: Event, claim: Claim) -> str:
    """The act of which whoever makes this claim speaks; the event's where their text names none."""
    of_text = [one for one in event.data.claims if one.field == "act" and one.source == claim.source]
    of_speaker = [one for one in of_text if one.said_by.id == claim.said_by.id]
    said = next((one.value for one in (*of_speaker, *of_text)), None)
    return _word(said) or act_of(event)


def _word(act: object) -> str | None:
    return next((word for known, word in _WORDS.items() if known == act), None)
