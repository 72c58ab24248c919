"""Letters about a subscription: which one is sent to whom, and that nothing of it shows on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from email import message_from_bytes, policy

import msgspec
import pytest
from redis.asyncio import Redis

from services.demo.inbox import Inbox
from services.notify.letters.letter_request import LETTERS_STREAM, LetterBox, LetterKind, LetterRequest
from services.notify.letters.waiting_letters import LATER
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.streams import all_entries
from services.subscribers.certificates import read_certificate
from services.subscribers.keyring import Keyring
from services.subscribers.manage_links import ManageLinks
from services.subscribers.signups import Choices, Signup
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.openpgp import certificate_of, decrypted, new_key
from tests.redis.post_office import PUBLIC, PostRoom, channel_to
from tests.store import everything_in, vault_on

MOTHER = "mother@mail.example.org"
TOKEN = "a" * 77
KEYRING = Keyring(b"a key for this test")
JOINED = Signup("email", MOTHER, Choices("ru", "discreet", True, (Interest(),)))


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[PostRoom]:
    inbox = Inbox()
    await inbox.start()
    channel = channel_to(inbox)
    yield PostRoom(redis, vault_on(redis), inbox, KEYRING, channel)
    await channel.close()
    await inbox.stop()


async def test_who_is_unknown_gets_a_link_to_confirm(room: PostRoom) -> None:
    await room.ask_for("join", MOTHER, token=TOKEN)
    (letter,) = room.inbox.messages
    assert letter.recipient == MOTHER
    assert f"{PUBLIC}/join/{TOKEN}" in letter.text
    assert await room.redis.xlen(LETTERS_STREAM) == 0


async def test_who_is_known_gets_a_link_to_manage_in_its_place(room: PostRoom) -> None:
    someone = await room.vault.join(JOINED)
    await room.ask_for("join", "Mother@mail.example.org", token=TOKEN)
    (letter,) = room.inbox.messages
    assert TOKEN not in letter.text
    (link,) = [line for line in letter.text.splitlines() if line.startswith(PUBLIC)]
    found = ManageLinks(KEYRING, PUBLIC).read(link.rpartition("/manage/")[2])
    assert found is not None
    assert found.number == someone.number


@pytest.mark.parametrize("kind", ["manage", "join"])
async def test_a_link_to_manage_is_encrypted_to_who_gave_a_key(room: PostRoom, kind: LetterKind) -> None:
    key = new_key()
    someone = await room.vault.join(JOINED)
    await room.vault.amend(someone.number, with_key(read_certificate(certificate_of(key), room.clock())))
    await room.ask_for(kind, MOTHER, token=TOKEN)
    (raw,) = [message.raw for message in room.inbox.messages]
    assert b"/manage/" not in raw
    letter = message_from_bytes(raw, policy=policy.default)
    inside = message_from_bytes(decrypted(list(letter.iter_parts())[1].get_content(), key), policy=policy.default)
    assert f"{PUBLIC}/manage/" in inside.get_content()
    assert inside["Subject"] == letter["Subject"]


async def test_whose_key_is_unfit_gets_the_link_all_the_same_or_could_never_give_another(room: PostRoom) -> None:
    someone = await room.vault.join(JOINED)
    await room.vault.amend(someone.number, with_key("AAAA"))
    await room.ask_for("manage", MOTHER)
    (letter,) = room.inbox.messages
    assert f"{PUBLIC}/manage/" in letter.text


def with_key(openpgp: str) -> Callable[[Subscriber], Subscriber]:
    def change(known: Subscriber) -> Subscriber:
        addresses = tuple(msgspec.structs.replace(one, openpgp=openpgp) for one in known.addresses)
        return msgspec.structs.replace(known, addresses=addresses)

    return change


@pytest.mark.parametrize("how", ["stopped", "ended"])
async def test_who_gets_nothing_any_more_may_confirm_anew(room: PostRoom, how: str) -> None:
    someone = await room.vault.join(JOINED)
    if how == "stopped":
        await room.vault.stop(someone.number)
    else:
        await room.vault.end_address(someone.number, "email", "unknown_address")
    await room.ask_for("join", MOTHER, token=TOKEN)
    assert f"{PUBLIC}/join/{TOKEN}" in room.inbox.messages[0].text


async def test_whoever_asks_to_manage_what_nobody_has_gets_nothing(room: PostRoom) -> None:
    await room.ask_for("manage", MOTHER)
    await room.ask_for("none", MOTHER)
    assert room.inbox.messages == []
    assert room.counted() == {("manage", "nothing_to_send"): 1, ("none", "nothing_to_send"): 1}


@pytest.mark.parametrize("language", ["en", "ru", "xx"])
async def test_the_head_of_a_letter_is_neutral_and_is_ours(room: PostRoom, language: str) -> None:
    await room.ask_for("join", MOTHER, language, TOKEN)
    (letter,) = room.inbox.messages
    head = letter.raw.partition(b"\r\n\r\n")[0].decode().lower()
    assert "vestka <" not in head
    assert "newsletter" in head
    assert letter.header("Auto-Submitted") == "auto-generated"
    assert letter.header("List-Unsubscribe") is None
    for word in ("pardon", "arrest", "belarus", "prison", "помил", "задерж"):
        assert word not in letter.text.lower() + letter.subject.lower()


async def test_nothing_that_waits_shows_an_address_and_all_entries_are_of_one_length(room: PostRoom) -> None:
    requests = [
        LetterRequest("none", "a@b.example", "en"),
        LetterRequest("join", "m" * 64 + "@" + "mail." * 30 + "example.org", "be", TOKEN),
    ]
    box = LetterBox(room.redis, KEYRING)
    for request in requests:
        await box.ask_for(request)
    held = await everything_in(room.redis)
    assert "example" not in held
    assert len({len(letter) for letter in await room.waiting_letters()}) == 1


async def test_two_requests_for_one_address_have_nothing_in_common(room: PostRoom) -> None:
    for _ in range(2):
        await room.box.ask_for(LetterRequest("manage", MOTHER, "en"))
    one, other = await room.waiting_letters()
    assert one != other


async def test_a_server_that_is_busy_is_asked_again_and_the_letter_is_the_same(room: PostRoom) -> None:
    room.inbox.refuses[MOTHER] = "451 4.3.0 come again"
    await room.ask_for("join", MOTHER, token=TOKEN)
    assert room.inbox.messages == []
    assert await room.redis.zcard(LATER) == 1
    assert MOTHER not in await everything_in(room.redis)
    room.inbox.refuses.clear()
    room.clock.forward(3600)
    assert await room.office.waiting.put_back() == 1
    await room.work()
    assert [letter.recipient for letter in room.inbox.messages] == [MOTHER]


async def test_a_letter_is_given_up_after_a_day(room: PostRoom) -> None:
    await room.box.ask_for(LetterRequest("join", MOTHER, "en", TOKEN))
    room.later = 86_400 + 1
    await room.work()
    assert room.inbox.messages == []
    assert room.counted() == {("join", "too_late"): 1}


async def test_a_paused_channel_sends_no_letter_until_it_goes_on(room: PostRoom) -> None:
    await ChannelHold(room.redis, "email").pause()
    await room.ask_for("join", MOTHER, token=TOKEN)
    assert room.inbox.messages == []
    await ChannelHold(room.redis, "email").resume()
    room.clock.forward(60)
    await room.office.waiting.put_back()
    await room.work()
    assert len(room.inbox.messages) == 1


async def test_what_was_sealed_with_a_key_that_is_gone_is_dropped_and_told(redis: Redis, room: PostRoom) -> None:
    await LetterBox(redis, Keyring(b"another key")).ask_for(LetterRequest("join", MOTHER, "en", TOKEN))
    await room.work()
    assert room.inbox.messages == []
    assert await redis.xlen(LETTERS_STREAM) == 0


async def test_a_letter_that_cannot_be_made_is_told_of_without_whose_it_was(room: PostRoom) -> None:
    await room.box.ask_for(LetterRequest("join", MOTHER, "en", TOKEN))
    async for entry in all_entries(room.redis, LETTERS_STREAM):
        await room.office.bury(entry, 6)
    (buried,) = await room.office.dead_letters.all()
    assert (buried.letter.kind, buried.letter.stream, buried.letter.work) == ("poison", LETTERS_STREAM, {})
    assert await room.redis.xlen(LETTERS_STREAM) == 0
