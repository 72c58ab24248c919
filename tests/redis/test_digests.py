"""One message a day or a week for what was asked for so: each story once, in its newest state, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import EventType, Kind
from services.names import fold
from services.notify.channels.base import Reason, Refused, Retry, Sent
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.record import DeliveryState
from services.notify.repair.redriving import CannotRedrive
from services.runtime.clock import unix_of
from services.subscribers.address import Address
from services.subscribers.interests import following, marked
from services.subscribers.topics import Interest
from tests.redis.digest_house import DAILY, DAY, WEEKLY, DigestHouse, open_digest_house
from tests.redis.samples import arrest, pardon, put_event, retraction
from tests.store import everything_in

SUNDAY_AT_EIGHT, MONDAY_AT_EIGHT = "2024-12-29T05:00:00Z", "2024-12-30T05:00:00Z"
TUESDAY_AT_EIGHT, NEXT_MONDAY_AT_EIGHT = "2024-12-31T05:00:00Z", "2025-01-06T05:00:00Z"
SATURDAY_EVENING = "2024-12-28T17:00:00.000Z"
SUNDAY_NOON = "2024-12-29T09:00:00.000Z"
SECOND = "arrest-20241228-cccccc"


@pytest.fixture
async def house(redis: Redis) -> AsyncIterator[DigestHouse]:
    async with open_digest_house(redis) as house:
        yield house


async def test_a_daily_interest_is_told_at_the_readers_hour_in_one_message_with_each_story_once(
    house: DigestHouse,
) -> None:
    reader = await house.subscribe(DAILY, Interest(kinds=(Kind.PARDON,), frequency="daily"))
    await house.deliver(pardon(), arrest(region="gomel"), arrest(SECOND, time=SATURDAY_EVENING))
    assert house.mail.taken == []
    await house.digests_at("2024-12-29T04:59:59Z")
    assert house.digests() == []
    await house.digests_at(SUNDAY_AT_EIGHT)
    (digest,) = house.digests()
    assert digest.number == reader.number
    (text,) = house.texts()
    assert text.count("20 people pardoned") == 1
    assert text.count("3 people detained") == 2
    assert text.index("pardoned") < text.index("detained")


async def test_the_next_digest_tells_nothing_twice_and_with_nothing_new_none_goes_out(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1
    await house.deliver(arrest(time="2024-12-30T09:00:00.000Z"))
    await house.digests_at(TUESDAY_AT_EIGHT)
    first, second = house.texts()
    assert "pardoned" in first
    assert "pardoned" not in second
    assert "detained" in second


async def test_a_weekly_interest_waits_for_monday_and_stands_in_the_same_message_as_the_daily(
    house: DigestHouse,
) -> None:
    pardons_daily = Interest(kinds=(Kind.PARDON,), frequency="daily")
    arrests_weekly = Interest(kinds=(Kind.ARREST,), frequency="weekly")
    await house.subscribe(pardons_daily, arrests_weekly)
    await house.deliver(pardon(), arrest())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(pardon("pardon-20241229-dddddd", time=SUNDAY_NOON))
    await house.digests_at(MONDAY_AT_EIGHT)
    sunday, monday = house.texts()
    assert "detained" not in sunday
    assert "detained" in monday
    assert "pardoned" in monday
    await house.digests_at(NEXT_MONDAY_AT_EIGHT)
    assert len(house.digests()) == 2


async def test_what_an_interest_at_once_asks_for_too_goes_at_once_and_is_not_repeated(house: DigestHouse) -> None:
    await house.subscribe(DAILY, Interest(kinds=(Kind.PARDON,)))
    await house.deliver(pardon(), arrest())
    assert [one.event.data.kind for one in house.mail.taken] == [Kind.PARDON]
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "detained" in text
    assert "pardoned" not in text


async def test_a_story_is_told_in_its_newest_state_as_first_news(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon(), pardon(revision=2))
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "we wrote" not in text
    assert text.count("pardoned") >= 1
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1


@pytest.mark.parametrize("kind", [EventType.STORY_RETRACTED, EventType.STORY_HELD])
async def test_what_was_taken_back_or_held_before_the_digest_is_left_out(house: DigestHouse, kind: EventType) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon(), msgspec.structs.replace(retraction(), type=kind), arrest())
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "pardoned" not in text
    assert [one.event.id for one in house.mail.taken] == ["digest-2024-12-29"]


async def test_a_retraction_follows_a_digest_at_once_and_answers_to_it(house: DigestHouse) -> None:
    await house.subscribe(DAILY, WEEKLY, channels=("email", "telegram"))
    await house.deliver(pardon())
    house.mail.will(Sent())  # a mail server has no id of its own for a letter
    house.chat.will(Sent("4711"))
    await house.digests_at(SUNDAY_AT_EIGHT)
    (mailed,) = house.mail.attempted
    await house.deliver(retraction(time=SUNDAY_NOON))
    by_mail, by_chat = house.mail.taken[-1], house.chat.taken[-1]
    assert by_mail.event.type is by_chat.event.type is EventType.STORY_RETRACTED
    assert by_mail.first_message_id == mailed.message_id
    assert by_chat.first_reference == "4711"
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1


async def test_who_got_the_first_in_no_digest_hears_nothing_of_its_retraction(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon(), retraction())
    assert house.mail.taken == []


async def test_what_only_adds_to_a_story_of_a_digest_stands_in_the_next_one_and_says_what_is_new(
    house: DigestHouse,
) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(pardon(revision=2, time=SUNDAY_NOON))
    assert len(house.mail.taken) == 1
    await house.digests_at(MONDAY_AT_EIGHT)
    _, second = house.texts()
    assert "22" in second


async def test_news_of_somebody_watched_comes_first(house: DigestHouse) -> None:
    watching = Interest(persons=(fold("Ales Bialiatski"),), frequency="daily")
    await house.subscribe(watching, DAILY)
    await house.deliver(pardon(of=("Ales Bialiatski",)), pardon("pardon-20241228-eeeeee", time=SATURDAY_EVENING))
    await house.digests_at(SUNDAY_AT_EIGHT)
    (text,) = house.texts()
    assert text.index("Bialiatski") < text.rindex("20 people pardoned")


async def test_each_reader_has_their_own_eight_o_clock(house: DigestHouse) -> None:
    minsk = await house.subscribe(DAILY)
    warsaw = await house.subscribe(DAILY, zone="Europe/Warsaw")
    new_york = await house.subscribe(DAILY, zone="America/New_York")
    await house.deliver(pardon())
    at: dict[int, str] = {}
    for moment in [f"2024-12-28T{hour}:00:00Z" for hour in range(11, 24)] + [
        f"2024-12-29T{hour:02}:00:00Z" for hour in range(12)
    ]:
        await house.digests_at(moment)
        for one in house.digests():
            at.setdefault(one.number, moment)
    assert at == {
        new_york.number: "2024-12-28T13:00:00Z",
        minsk.number: "2024-12-29T05:00:00Z",
        warsaw.number: "2024-12-29T07:00:00Z",
    }
    assert "08:00 (Warsaw), 10:00 in Minsk" in house.texts()[2]


async def test_within_quiet_hours_it_waits_for_their_end(house: DigestHouse) -> None:
    await house.subscribe(DAILY, quiet=(22 * 60, 9 * 60))
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.digests() == []
    house.clock.forward(3600)
    await house.digests_due()
    assert len(house.digests()) == 1


async def test_after_days_without_a_notifier_one_digest_tells_what_was_missed(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(pardon(time=SUNDAY_NOON), arrest(time="2025-01-01T09:00:00.000Z"))
    await house.digests_at("2025-01-02T11:00:00Z")
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" in text


async def test_a_monday_that_was_missed_is_made_up_for(house: DigestHouse) -> None:
    await house.subscribe(WEEKLY)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(pardon(time=SUNDAY_NOON))
    await house.digests_at("2025-01-01T11:00:00Z")
    assert len(house.digests()) == 1


async def test_what_fails_is_tried_again_by_the_same_id_and_tells_what_came_meanwhile(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.SERVER_ERROR))
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.digests() == []
    house.clock.forward(6)
    await house.digests_due()
    (digest,) = house.digests()
    assert digest.attempt == 2
    assert [one.message_id for one in house.mail.attempted] == [digest.message_id] * 2


async def test_what_one_digest_could_not_tell_the_next_one_tells(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(arrest(time=SUNDAY_NOON))
    await house.digests_at(MONDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" in text


async def test_while_one_waits_the_next_is_not_begun_and_both_are_told_in_one(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.SERVER_ERROR, after=1.5 * DAY))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(arrest(time=SUNDAY_NOON))
    await house.digests_at(MONDAY_AT_EIGHT)
    assert house.digests() == []
    house.clock.forward(DAY)
    await house.digests_due()
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" in text
    await house.digests_at("2025-01-01T05:00:00Z")
    assert len(house.digests()) == 1


async def test_one_that_may_have_arrived_is_repeated_as_it_was_by_the_same_id(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.TIMEOUT, may_have_arrived=True, after=2 * DAY), Sent())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(arrest(time=SUNDAY_NOON))
    await house.digests_at(MONDAY_AT_EIGHT)
    house.clock.forward(2 * DAY)
    await house.digests_due()
    (text,) = house.texts()
    assert "pardoned" in text
    assert "detained" not in text
    await house.digests_at("2025-01-02T05:00:00Z")
    assert "detained" in house.texts()[1]
    assert "pardoned" not in house.texts()[1]


async def test_who_stops_pauses_or_is_erased_gets_none(house: DigestHouse) -> None:
    stopped, erased = await house.subscribe(DAILY), await house.subscribe(DAILY)
    await house.deliver(pardon())
    await house.vault.stop(stopped.number)
    await house.vault.erase(erased.number)
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.digests() == []


async def test_digests_are_counted_as_deliveries_of_their_channel(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.counted("deliveries")[("email", "sent", "")] == 1
    assert house.counted("not_sent")[("email", "in_digest")] == 1


async def test_who_watches_somebody_and_waits_for_a_digest_is_counted_once_though_they_are_looked_for_twice(
    house: DigestHouse,
) -> None:
    watched = following([marked("Ales Bialiatski")], frequency="daily")
    await house.subscribe(watched)
    await house.subscribe(watched, DAILY)
    await house.deliver(pardon(of=("Ales Bialiatski",)))
    assert house.counted("not_sent")[("email", "in_digest")] == 2


@pytest.mark.parametrize("language", ["en", "ru", "be"])
async def test_a_discreet_one_tells_nothing_where_a_glance_could_read_it(house: DigestHouse, language: str) -> None:
    await house.subscribe(DAILY, language=language, mode="discreet", channels=("email", "telegram"))
    await house.deliver(pardon(of=("Ales Bialiatski",)), arrest())
    await house.digests_at(SUNDAY_AT_EIGHT)
    (mailed,) = (one for by_language in house.mail.rendered for one in by_language.values())
    (written,) = (one for by_language in house.chat.rendered for one in by_language.values())
    plain = await _plain_subject(house, language)
    assert mailed.parts["subject"] == plain
    assert "Bialiatski" not in mailed.parts["text"][:300]
    assert written.parts["html"].splitlines()[0] == plain
    in_sight = re.sub(r"(?s)<tg-spoiler>.*?</tg-spoiler>|<a href=[^>]*>", "", written.parts["html"])
    assert "<tg-spoiler>" in written.parts["html"]
    assert not re.search(r"[0-9]|Bialiatski|Бяляцкі|Беляцкий", in_sight)
    told = [line for line in written.parts["html"].splitlines()[2:-2] if line.strip()]
    assert all(line.startswith("<tg-spoiler>") or "blockquote" in line for line in told)


async def test_what_redis_holds_says_of_nobody_where_their_clock_is_or_what_they_follow(
    house: DigestHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    watching = Interest(persons=(fold("Zdzislava Kanarejcyk"),), frequency="weekly")
    someone = {"zone": "Pacific/Chatham", "targets": {"email": "kanarejka@mail.example.org"}, "quiet": (21 * 60, 480)}
    await house.subscribe(DAILY, watching, **someone)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.SERVER_ERROR), Retry(Reason.TIMEOUT, may_have_arrived=True), Sent())
    await house.digests_at(MONDAY_AT_EIGHT)
    for _ in range(3):
        held = (await everything_in(house.redis) + capsys.readouterr().out).lower()
        assert "digest-2024-12-30" in held
        for mark in ("chatham", "kanarej", "mail.example.org", "weekly:", "daily:", "21:00"):
            assert mark not in held
        house.clock.forward(400)
        await house.digests_due()
    assert len(house.mail.attempted) == 3


async def _plain_subject(house: DigestHouse, language: str) -> str:
    return {"en": "A new message", "ru": "Новое сообщение", "be": "Новае паведамленне"}[language]


async def test_whose_zone_is_moved_gets_one_a_day_and_by_the_new_hour(house: DigestHouse) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, zone="Europe/Warsaw"))
    await house.deliver(arrest(time="2024-12-29T05:30:00.000Z"))
    await house.digests_at("2024-12-29T07:00:00Z")
    assert len(house.digests()) == 1
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1
    await house.digests_at("2024-12-30T07:00:00Z")
    assert len(house.digests()) == 2


async def test_who_changes_to_a_digest_hears_of_nothing_twice(house: DigestHouse) -> None:
    reader = await house.subscribe()
    await house.deliver(pardon())
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=(DAILY,)))
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert house.digests() == []


async def test_the_letter_of_a_digest_that_was_refused_is_not_redriven_but_told_by_the_next(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Refused(Reason.UNACCEPTABLE))
    await house.digests_at(SUNDAY_AT_EIGHT)
    (buried,) = await house.dead.all()
    with pytest.raises(CannotRedrive, match="the next one tells"):
        await house.redrive(buried)
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1


async def test_a_correction_meets_a_digest_that_may_have_arrived_and_is_told_in_its_place(house: DigestHouse) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.mail.will(Retry(Reason.TIMEOUT, may_have_arrived=True, after=600.0), Sent())
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(retraction(time="2024-12-29T05:05:00.000Z"))
    house.clock.forward(700)  # the address is left alone for as long
    await house.deliver_due()
    await house.digests_due()
    assert [one.event.type for one in house.mail.taken] == [EventType.STORY_RETRACTED]


@pytest.mark.parametrize("ahead", [3600.0, 2 * DAY, 400 * DAY])
async def test_a_clock_that_was_ahead_and_is_put_right_keeps_nobody_waiting_until_then(
    house: DigestHouse, ahead: float
) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon())
    house.clock.forward(ahead)
    await house.desk.begin_due()
    await house.finish_digests()
    told = len(house.digests())
    await house.deliver(arrest(time=SATURDAY_EVENING))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.digests_at(MONDAY_AT_EIGHT)
    assert len(house.digests()) == told + 1
    assert "".join(house.texts()).count("20 people pardoned") == 1
    assert "3 people detained" in house.texts()[-1]


async def test_what_is_taken_back_between_choosing_and_leaving_is_not_told(
    house: DigestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon(), arrest())
    ledger = house.desk.senders["email"].ledger
    begin = ledger.begin

    async def late(attempt: Attempt, event_ids: Sequence[str]) -> bool:
        monkeypatch.undo()
        await house.deliver(retraction(time=SUNDAY_AT_EIGHT))
        return await begin(attempt, event_ids)

    monkeypatch.setattr(ledger, "begin", late)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.digests_due()
    (text,) = house.texts()
    assert "pardoned" not in text
    assert "3 people detained" in text
    assert len(house.mail.taken) == 1


async def test_what_goes_out_at_once_since_it_was_chosen_is_not_told_again(
    house: DigestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await house.subscribe(DAILY)
    await house.deliver(pardon(), arrest())
    ledger = house.desk.senders["email"].ledger
    begin = ledger.begin

    async def late(attempt: Attempt, event_ids: Sequence[str]) -> bool:
        monkeypatch.undo()
        await house.senders["email"].ledger.tell([pardon().id], reader.number, DeliveryState.SENT, "elsewhere")
        return await begin(attempt, event_ids)

    monkeypatch.setattr(ledger, "begin", late)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.digests_due()
    (text,) = house.texts()
    assert "pardoned" not in text


@pytest.mark.parametrize("answer", [Refused(Reason.UNACCEPTABLE), Retry(Reason.SERVER_ERROR)])
async def test_nothing_is_taken_back_of_a_digest_that_surely_did_not_arrive(
    house: DigestHouse, answer: Refused | Retry
) -> None:
    await house.subscribe(DAILY)
    await house.deliver(pardon(), arrest())
    house.mail.will(answer)
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(retraction(time=SUNDAY_NOON))
    assert house.mail.taken == []
    house.clock.at = unix_of(MONDAY_AT_EIGHT)
    await house.digests_due()
    await house.digests_at(MONDAY_AT_EIGHT)
    (text,) = house.texts()
    assert "pardoned" not in text
    assert "3 people detained" in text


async def test_a_digest_of_which_a_part_was_taken_is_taken_back(house: DigestHouse) -> None:
    await house.subscribe(DAILY, channels=("telegram",))
    await house.deliver(pardon())
    house.chat.will(Retry(Reason.SERVER_ERROR, progress="1"))
    await house.digests_at(SUNDAY_AT_EIGHT)
    await house.deliver(retraction(time=SUNDAY_NOON))
    assert [one.event.type for one in house.chat.taken] == [EventType.STORY_RETRACTED]


@pytest.mark.parametrize("interest", [DAILY, WEEKLY])
async def test_what_an_operator_says_yes_to_days_later_stands_in_the_next_digest_and_in_no_other(
    house: DigestHouse, interest: Interest
) -> None:
    losev = msgspec.structs.replace(following([marked("Иван Лосев")]), frequency=interest.frequency)
    reader = await house.subscribe(losev)
    await house.subscribe(msgspec.structs.replace(following([marked("Петр Лосев")]), frequency=interest.frequency))
    await house.deliver(pardon(of=("Иван Лисов",)))
    for day in (29, 30, 31):
        await house.digests_at(f"2024-12-{day}T05:00:00Z")
    assert house.digests() == []
    (doubt,) = await house.matches.waiting()
    await house.matches.answer(doubt, "same", "ana", "", house.clock())
    for day in range(1, 14):
        await house.digests_at(f"2025-01-{day:02}T05:00:00Z")
    (digest,) = house.digests()
    assert digest.number == reader.number
    assert digest.event.id == ("digest-2025-01-01" if interest is DAILY else "digest-2025-01-06")


async def test_whoever_joins_weekly_and_changes_to_daily_before_their_first_monday_misses_nothing(
    house: DigestHouse,
) -> None:
    await house.digests_at(TUESDAY_AT_EIGHT)
    reader = await house.subscribe(WEEKLY, since="2024-12-31T06:00:00.000Z")
    await house.deliver(pardon(time="2024-12-31T05:55:00.000Z"), arrest(time="2024-12-31T12:00:00.000Z"))
    for day in (1, 2, 3):
        await house.digests_at(f"2025-01-0{day}T05:00:00Z")
    await house.vault.amend(reader.number, lambda one: msgspec.structs.replace(one, interests=(DAILY,)))
    for day in (4, 5, 6):
        await house.digests_at(f"2025-01-0{day}T05:00:00Z")
    (text,) = house.texts()
    assert "3 people detained" in text
    assert "pardoned" not in text


async def test_what_came_to_an_address_by_a_digest_is_not_told_there_again_once_it_is_anothers(
    house: DigestHouse,
) -> None:
    first = await house.subscribe(DAILY, targets={"email": "first"})
    apart = await house.subscribe(DAILY, targets={"email": "apart"}, since="2024-12-29T06:00:00.000Z")
    await house.deliver(pardon())
    await house.digests_at(SUNDAY_AT_EIGHT)
    assert [one.number for one in house.digests()] == [first.number]
    await house.vault.move_address(first.number, Address("email", "apart"))
    await house.deliver(arrest(time=SUNDAY_NOON))
    await house.digests_at(MONDAY_AT_EIGHT)
    assert [one.number for one in house.digests()] == [first.number, apart.number]
    _, second = house.texts()
    assert "pardoned" not in second
    assert "3 people detained" in second


async def test_an_event_that_was_lost_and_comes_days_later_stands_in_the_next_digest_and_in_no_other(
    house: DigestHouse,
) -> None:
    await house.subscribe(DAILY)
    for moment in (SUNDAY_AT_EIGHT, MONDAY_AT_EIGHT):
        await house.digests_at(moment)
    await put_event(house.redis, pardon(), at=f"{int(unix_of(MONDAY_AT_EIGHT) + 3600) * 1000}-0")
    await house.deliver()
    for moment in (TUESDAY_AT_EIGHT, "2025-01-01T05:00:00Z"):
        await house.digests_at(moment)
    (digest,) = house.digests()
    assert digest.event.id == "digest-2024-12-31"


@pytest.mark.parametrize(("interest", "came"), [(DAILY, SATURDAY_EVENING), (WEEKLY, "2024-12-25T09:00:00.000Z")])
async def test_a_digest_whose_address_turns_out_to_be_anothers_goes_out_as_theirs(
    house: DigestHouse, interest: Interest, came: str
) -> None:
    first = await house.subscribe(interest, targets={"email": "first"})
    apart = await house.subscribe(Interest(kinds=(Kind.PARDON,)), targets={"email": "apart"})
    await house.deliver(arrest(time=came))
    house.mail.at("first", Retry(Reason.MOVED, moved_to=Address("email", "apart")))
    await house.digests_at(SUNDAY_AT_EIGHT if interest is DAILY else MONDAY_AT_EIGHT)
    for _ in range(2):
        await house.digests_due()
    assert [one.number for one in house.digests()] == [apart.number]
    assert "3 people detained" in house.texts()[0]
    assert await house.vault.heir(await house.vault.get(first.number), "email") is not None
    await house.digests_at(NEXT_MONDAY_AT_EIGHT)
    assert len(house.digests()) == 1


@pytest.mark.parametrize("changes", [False, True])
async def test_a_split_digest_goes_on_where_it_broke_off_only_if_it_tells_the_same(
    house: DigestHouse, changes: bool
) -> None:
    await house.subscribe(DAILY, channels=("telegram",))
    await house.deliver(pardon(), arrest())
    house.chat.will(Retry(Reason.SERVER_ERROR, progress="1/2"))
    await house.digests_at(SUNDAY_AT_EIGHT)
    if changes:
        await house.deliver(arrest(SECOND, time=SUNDAY_NOON))
    house.clock.at = unix_of(MONDAY_AT_EIGHT)
    await house.digests_due()
    (digest,) = house.digests("telegram")
    assert digest.progress == (None if changes else "1/2")


async def test_a_process_that_did_not_begin_a_split_digest_sends_all_of_it(house: DigestHouse) -> None:
    await house.subscribe(DAILY, channels=("telegram",))
    await house.deliver(pardon(), arrest())
    house.chat.will(Retry(Reason.SERVER_ERROR, progress="1/2"), Refused(Reason.UNACCEPTABLE))
    await house.digests_at(SUNDAY_AT_EIGHT)
    house.desk = house.opened()
    house.clock.forward(3600)
    await house.digests_due()
    assert [one.progress for one in house.chat.attempted] == [None, None]
    await house.deliver(retraction(time=SUNDAY_NOON))  # a part of it was taken
    assert [one.event.type for one in house.chat.taken] == [EventType.STORY_RETRACTED]
