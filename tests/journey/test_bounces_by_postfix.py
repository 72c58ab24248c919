"""What a real Postfix reports of letters that the far side refuses: who is not there ends, who is full is counted, what
is said of us is an alarm, and whoever is there hears on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.demo.caught_letter import CaughtLetter
from services.demo.inbox import Inbox
from services.demo.sample_article import pardon, pardon_update
from tests.commands import vestka
from tests.journey.postfix import open_postfix, what_is_missing
from tests.reader_letters import letters_to
from tests.road import Road, eventually, open_road

pytestmark = pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing())

THERE, GONE, FULL, AGAINST_US = "there@far.test", "gone@far.test", "full@far.test", "strict@far.test"
NO_DOMAIN, US = "nobody@null.test", "alerts@vestka.example"
REFUSES = {
    GONE: "550 5.1.1 no such user",
    FULL: "452 4.2.2 mailbox full",
    AGAINST_US: "554 5.7.1 refused by policy",
    NO_DOMAIN: "556 5.1.10 recipient address has null MX",
}
DONE = {GONE: "ended", FULL: "counted", AGAINST_US: "ours", NO_DOMAIN: "ended"}


@pytest.fixture
async def relayed(tmp_path: Path) -> AsyncIterator[tuple[Road, Inbox]]:
    """A road whose letters go to Postfix, and the far side that Postfix passes them on to."""
    far_side = Inbox(refuses=REFUSES)
    await far_side.start()
    try:
        async with open_postfix(far_side.port) as port, open_road(tmp_path) as road:
            road.environment["VESTKA_CHANNELS__EMAIL__PORT"] = str(port)
            yield road, far_side
    finally:
        await far_side.stop()


def reports(far_side: Inbox) -> list[CaughtLetter]:
    return [one for one in far_side.messages if one.recipient == US]


async def ended(road: Road) -> dict[str, str | None]:
    return {one.addresses[0].target: one.addresses[0].ended for one in await road.vault.everybody()}


async def test_what_postfix_reports_is_acted_on(relayed: tuple[Road, Inbox]) -> None:
    road, far_side = relayed
    for who in (THERE, *REFUSES):
        await road.subscribe("email", who)
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: len(reports(far_side)) == len(REFUSES), "every refusal is reported")
    done = {}
    for report in reports(far_side):
        assert report.sender in ("", "<>"), "a report has no sender, or two servers would write to each other for ever"
        (about,) = [who for who in REFUSES if who.encode() in report.raw]
        answer = await vestka("bounces", "--output", "json", stdin=report.raw, env=road.environment)
        done[about] = answer.read
        assert about not in answer.out + answer.err
    assert done == {who: {what: 1} for who, what in DONE.items()}
    assert await ended(road) == {
        THERE: None, FULL: None, AGAINST_US: None, GONE: "unknown_address", NO_DOMAIN: "unknown_address",
    }  # fmt: skip
    assert "mail_reputation" in (await vestka("alarm", "list", env=road.environment)).out


async def test_whoever_ended_gets_nothing_more_and_the_others_do(relayed: tuple[Road, Inbox]) -> None:
    road, far_side = relayed
    for who in (THERE, GONE):
        await road.subscribe("email", who)
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: len(reports(far_side)) == 1, "the refusal is reported")
    await vestka("bounces", stdin=reports(far_side)[0].raw, env=road.environment)
    await road.hand_in(pardon_update())
    await eventually(
        lambda: len([one for one in far_side.messages if one.recipient == THERE]) == 2, "the others hear on"
    )
    assert len(reports(far_side)) == 1, "nothing went to the address that ended"
    assert letters_to(road, THERE) == [], "all went by Postfix"
