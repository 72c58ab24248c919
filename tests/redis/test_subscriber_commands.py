"""`vestka subscriber` on a real server: whoever comes in is there once, and nobody's address is ever shown."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import Certainty, PartyClass
from services.names import fold
from services.notify.letters.letter_request import LETTERS_STREAM
from services.operations.audit import Audit
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.commands import Answer, at_a_terminal, vestka
from tests.store import everything_in, vault_on

MARK = "kanarejka"


@pytest.fixture(autouse=True)
def settings(redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "REDIS_URL": redis_url,
        "VESTKA_CHANNELS__EMAIL__HOST": "127.0.0.1",
        "VESTKA_CHANNELS__EMAIL__SENDER": "alerts@vestka.example",
        "VESTKA_CHANNELS__EMAIL__LIST_ID": "alerts.vestka.example",
        "VESTKA_CHANNELS__TELEGRAM__DEADLINE": "15",
        "VESTKA_CHANNELS__WEBHOOK__DEADLINE": "15",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def vault(redis: Redis) -> Vault:
    return vault_on(redis)


def line(target: str, *, channel: str = "email", **fields: Any) -> str:
    return json.dumps({"channels": [{"channel": channel, "target": target}], **fields})


async def bring_in(*lines: str) -> Answer:
    return await vestka("subscriber", "import", "-o", "json", stdin="\n".join(lines))


async def test_a_bad_line_is_named_and_costs_no_other(vault: Vault) -> None:
    answer = await bring_in(
        line("one@example.org"), line(f"{MARK} at example.org"), "", line("two@example.org", intrests=[MARK]),
        line("1001", channel="telegram"), f'{{"{MARK}'
    )  # fmt: skip
    assert (answer.code, answer.read) == (1, {"added": 2, "replaced": 0, "left out": 0, "bad": 3})
    told = [one for one in answer.err.splitlines() if "keys_made" not in one]
    assert [one.partition(": ")[2].partition(":")[0] for one in told[:3]] == ["line 2", "line 4", "line 6"]
    assert "channels.0.target" in told[0]
    assert "did you mean interests?" in told[1]
    assert "3 of 5 lines" in told[3]
    assert MARK not in answer.out + answer.err
    assert len(await vault.everybody()) == 2


async def test_importing_again_doubles_nobody_and_what_is_asked_for_now_counts(vault: Vault) -> None:
    await bring_in(line("one@example.org", language="en", interests=[{"kinds": ["pardon"]}]), line("desk@example.org"))
    again = await bring_in(
        line("ONE@Example.ORG", language="ru", mode="discreet", interests=[{"kinds": ["arrest"]}]),
        line("desk@example.org", label="desk"),
        line("desk@example.org", label="desk", language="ru"),
    )
    assert (again.code, again.read) == (0, {"added": 0, "replaced": 3, "left out": 0, "bad": 0})
    assert "line 3: the same subscriber as in line 2" in again.err
    one, desk = await vault.everybody()
    assert (one.number, one.language, one.mode) == (1, "ru", "discreet")
    assert [str(kind) for interest in one.interests for kind in interest.kinds] == ["arrest"]
    assert (desk.label, desk.language) == ("desk", "ru")


async def test_a_label_that_comes_with_another_address_moves_the_one_it_names(vault: Vault) -> None:
    await bring_in(line("old@example.org", label="desk"))
    await bring_in(line("new@example.org", label="desk"))
    (desk,) = await vault.everybody()
    assert [one.target for one in desk.addresses] == ["new@example.org"]


async def test_a_stop_stays_and_who_was_erased_stays_out_however_they_come(vault: Vault) -> None:
    await bring_in(line("stopped@example.org"), line("erased@example.org"), line("named@example.org", label="named"))
    stopped, erased, named = await vault.everybody()
    await vestka("subscriber", "pause", str(stopped.number))
    for one in (erased, named):
        assert (await vestka("subscriber", "erase", str(one.number), "--confirm")).code == 0
    answer = await bring_in(
        line("Stopped@example.org", language="ru"), line("erased@example.org"), line("other@example.org", label="named")
    )
    assert (answer.code, answer.read) == (0, {"added": 0, "replaced": 1, "left out": 2, "bad": 0})
    assert answer.err.count("left out") == 2
    (left,) = await vault.everybody()
    assert (left.language, left.active) == ("ru", False)


async def test_an_address_that_two_of_a_label_share_is_one_readers(vault: Vault) -> None:
    await bring_in(line("shared@example.org", label="one"), line("shared@example.org", label="two"))
    owners = {one.number for one in await vault.everybody() if one.is_reached}
    assert len(owners) == 1


async def test_a_record_that_does_not_open_costs_only_the_line_that_would_replace_it(redis: Redis) -> None:
    await bring_in(line("one@example.org", label="one"))
    [key] = [key async for key in redis.scan_iter("vestka:shard:*:records")]
    await redis.hset(key, "1", "junk")
    answer = await bring_in(line("one@example.org", label="one"), line("two@example.org"))
    assert (answer.code, answer.read["added"], answer.read["bad"]) == (1, 1, 1)
    assert "stdin: line 1: " in answer.err
    assert await redis.hget(key, "1") == "junk", "nothing is overwritten"


async def test_nothing_to_import_is_told(tmp_path: Path) -> None:
    assert (await bring_in("", "  ")).code == 3
    assert (await vestka("subscriber", "import", str(tmp_path / "none.jsonl"))).code == 2


NAMES = ["Алесь Віктаравіч Бяляцкі", "Янина Стефанович"]
"""Folded anew, the second would be another: Hanna."""


def people() -> list[str]:
    return [
        line("one@example.org", language="ru", mode="discreet", since="2024-12-01T00:00:00Z", label=MARK, tests=True,
             interests=[{"kinds": ["arrest"], "regions": ["gomel"]}, {"persons": NAMES}]),
        line("-1001557912345", channel="telegram", active=False),
        json.dumps({"channels": [{"channel": "email", "target": "two@example.org", "ended": "mailbox_full"},
                                 {"channel": "webhook", "target": "https://example.org/x",
                                  "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}]}),
    ]  # fmt: skip


def what_counts(everybody: list[Subscriber]) -> list[Any]:
    return [
        (one.since, one.language, one.mode, one.active, one.tests, one.label, one.interests,
         [(address.channel, address.target, address.secrets, address.ended) for address in one.addresses])
        for one in everybody
    ]  # fmt: skip


@pytest.mark.parametrize("options", [(), ("--plain", "--confirm")])
async def test_what_is_exported_can_be_imported_and_is_the_same(
    vault: Vault, redis: Redis, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTKA_LINK_KEY", "a key of this test alone, long enough for anybody")
    await bring_in(*people())
    before = await vault_on(redis).everybody()
    exported = await vestka("subscriber", "export", *options)
    assert exported.out.count("\n") == 3
    await redis.flushall()
    assert (await bring_in(exported.out)).read["added"] == 3
    after = await vault_on(redis).everybody()
    assert what_counts(after) == what_counts(before)


async def test_a_sealed_export_says_nothing_and_opens_nowhere_but_with_its_key(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTKA_LINK_KEY", "a key of this test alone, long enough for anybody")
    await bring_in(*people())
    first, second = [(await vestka("subscriber", "export")).out for _ in range(2)]
    assert "example" not in first
    assert "whsec" not in first
    assert not set(first.splitlines()) & set(second.splitlines()), "nothing tells one reader in two exports"
    assert len({len(one) for one in first.splitlines()}) == 1, "the length tells nobody apart"
    await redis.flushall()
    monkeypatch.setenv("VESTKA_LINK_KEY", "the key of another house, long enough for anybody")
    answer = await bring_in(first, first[: len(first) // 3], '{"sealed": "x"}')
    assert (answer.code, answer.read["added"]) == (1, 0)
    assert "line 1: sealed: " in answer.err


async def test_a_plain_export_is_asked_for_and_its_file_is_for_us_alone(tmp_path: Path, redis: Redis) -> None:
    await bring_in(*people())
    file = tmp_path / "readers.jsonl"
    refused = await vestka("subscriber", "export", "--plain", str(file))
    assert (refused.code, refused.out, file.exists()) == (2, "", False)
    assert (await vestka("subscriber", "export", "--plain", "--confirm", str(file))).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text().splitlines()[1])["channels"][0]["target"] == "-1001557912345"
    written = file.read_bytes()
    assert (await vestka("subscriber", "export", str(file))).code == 2, "nothing is written over"
    assert file.read_bytes() == written
    await redis.flushall()
    assert (await vestka("subscriber", "export", str(tmp_path / "nobody"))).code == 3
    assert not (tmp_path / "nobody").exists()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("One@EXAMPLE.org", 1), ("one@example.org.\n", 1), ("-01001557912345", 2), ("https://EXAMPLE.org:443/x", 3),
     (MARK, 1), ("nobody@example.org", None)],
)  # fmt: skip
async def test_find_takes_an_address_in_any_form_and_answers_a_number(typed: str, number: int | None) -> None:
    await bring_in(*people())
    answer = await vestka("subscriber", "find", "-o", "json", stdin=typed)
    if number is None:
        assert (answer.code, answer.out, "nobody@" in answer.err) == (3, "", False)
    else:
        assert [one["number"] for one in answer.read] == [number]


@pytest.mark.parametrize("typed", [b"", b"\n", b"\xff\xfe"])
async def test_find_without_an_address_says_what_to_give(typed: bytes) -> None:
    answer = await vestka("subscriber", "find", stdin=typed)
    assert (answer.code, answer.err.startswith("stdin: ")) == (2, True)


async def test_edit_changes_what_is_named_and_nothing_else(vault: Vault) -> None:
    await bring_in(*people())
    before = await vault.get(1)
    change = {"language": "en", "label": None, "interests": [{"persons": ["Maryia Kalesnikava"]}]}
    answer = await vestka("subscriber", "edit", "1", "-", stdin=json.dumps(change))
    assert (answer.code, answer.err) == (0, "1 is changed: language, interests, label\n")
    after = await vault.get(1)
    assert (after.language, after.label, after.interests[0].persons) == ("en", None, (fold("Марыя Калеснікава"),))
    assert (after.mode, after.tests, after.since, after.addresses) == (
        before.mode, before.tests, before.since, before.addresses
    )  # fmt: skip
    assert await vault.by_label(MARK) is None


async def test_edit_gives_another_address_and_the_old_one_is_nobodys(vault: Vault) -> None:
    await bring_in(*people())
    await vestka("subscriber", "pause", "1")
    change = json.dumps({"channels": [{"channel": "email", "target": "new@example.org"}]})
    assert (await vestka("subscriber", "edit", "1", "-", stdin=change)).code == 0
    assert await vault.by_address("email", "one@example.org") is None
    found = await vault.by_address("email", "new@example.org")
    assert found is not None
    assert (found.number, found.active) == (1, False)


@pytest.mark.parametrize(
    ("number", "change", "code", "told"),
    [("1", {"language": "ru"}, 3, "so already"), ("9", {"language": "en"}, 3, "no subscriber 9"),
     ("3", {"label": MARK}, 2, "1 has this label"), ("1", {}, 2, "names nothing"),
     ("1", {"since": "2024-01-01T00:00:00Z"}, 2, "since"), ("1", {"language": MARK}, 2, "language: it is one of"),
     ("1", {"channels": []}, 2, "channels: name at least one"), ("1", {MARK: 1}, 2, "do not know"),
     ("1", {"channels": [{"channel": "email", "target": MARK}]}, 2, "stdin: channels.0.target: ")],
)  # fmt: skip
async def test_an_edit_that_cannot_be_is_told_and_changes_nothing(
    vault: Vault, number: str, change: dict[str, Any], code: int, told: str
) -> None:
    await bring_in(*people())
    before = await vault.everybody()
    answer = await vestka("subscriber", "edit", number, "-", stdin=json.dumps(change))
    assert (answer.code, told in answer.err) == (code, True), answer.err
    assert MARK not in answer.err
    assert await vault.everybody() == before


async def test_what_is_added_by_answers_is_checked_answer_by_answer(vault: Vault, redis: Redis) -> None:
    await bring_in(line("known@example.org"))
    code, seen = await at_a_terminal(
        ("subscriber", "add"),
        [
            ("Channel", "emial"),
            ("did you mean email?", "email"),
            ("Address (not shown)", f"{MARK} at example.org"),
            ("an email address has a name, an @ and a domain", "Known@Example.org"),
            ("1 has this address", "n"),
            ("Language", "fr"),
            ("it is one of be, en, ru", "ru"),
            ("Mode", ""),
            ("Kinds", "pardon, arest"),
            ("did you mean arrest?", "arrest"),
            ("Regions", "homel"),
            ("did you mean gomel?", "gomel, minsk_city"),
            ("Persons", "12345"),
            ("names nobody", f"Ales {MARK}"),
            ("Finer", "n"),
            ("Label", ""),
        ],
    )
    assert (code, "number  1" in seen) == (0, True), seen
    assert MARK not in seen
    assert "nown@" not in seen
    (one,) = await vault.everybody()
    assert one.interests[-1].regions == ("gomel", "minsk_city")
    assert one.interests[-1].persons == (fold(f"Ales {MARK}"),)
    assert MARK not in await everything_in(redis)


async def test_a_second_address_of_one_reader_is_asked_for_and_the_same_twice_counts_once(vault: Vault) -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    code, seen = await at_a_terminal(
        ("subscriber", "add"),
        [
            ("Channel", "telegram"), ("Address", "1001"), ("Another address?", "y"),
            ("Channel", ""), ("Address", "0one@example.org"), ("Another address?", "y"),
            ("Channel", ""), ("Address", "0ONE@example.org"), ("it is there already", "y"),
            ("Channel", "webhook"), ("Address", "https://example.org/x"),
            ("Secret", "too short"), ("a signing secret", secret), ("Another address?", "n"),
            ("Language", ""), ("Mode", "discreet"), ("Kinds", ""), ("Regions", ""), ("Persons", ""),
            ("Finer", ""), ("Label", "desk"),
        ],
    )  # fmt: skip
    assert code == 0, seen
    assert secret not in seen
    (one,) = await vault.everybody()
    assert [(address.channel, address.target) for address in one.addresses] == [
        ("telegram", "1001"), ("email", "0one@example.org"), ("webhook", "https://example.org/x")
    ]  # fmt: skip
    assert (one.label, one.mode) == ("desk", "discreet")


async def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "readers.jsonl"
    file.write_text("\n".join([line("one@example.org"), "nonsense", line("two@example.org")]))
    code, seen = await at_a_terminal(("subscriber", "import", str(file)), ())
    assert code == 1
    assert "100%" in seen
    assert f"\n{file}: line 2: it is not JSON" in seen, "a line of its own, not in the bar"
    elsewhere = await vestka("subscriber", "import", str(file))
    assert "%" not in elsewhere.out + elsewhere.err


async def test_what_is_changed_by_answers_stays_as_it_was_where_nothing_is_typed(vault: Vault) -> None:
    await bring_in(*people())
    before = await vault.get(3)
    code, seen = await at_a_terminal(
        ("subscriber", "edit", "3"),
        [
            ("[en]", ""), ("Mode", "discreet"), ("Kinds (pardon, arrest; empty: any)", ""), ("Regions", "brest"),
            ("Persons", f"Ales {MARK}"), ("Finer", "n"), ("Label", ""), ("Addresses: email, webhook. Give others", "y"),
            ("Channel", "telegram"), ("Address (not shown)", "-1001557912345"), ("2 has this address", "n"),
        ],
    )  # fmt: skip
    assert (code, "3 is changed: mode, interests, addresses" in seen) == (0, True), seen
    assert MARK not in seen
    after = await vault.get(3)
    assert (after.mode, after.language, after.label) == ("discreet", before.language, before.label)
    assert after.interests[0].persons == (fold(f"Ales {MARK}"),)
    owner = await vault.by_address("telegram", "-1001557912345")
    assert owner is not None
    assert owner.number == 2, "an address is one reader's, and a chat that stopped stays so"
    assert not owner.active


async def test_whoever_wants_it_finer_is_asked_for_all_that_a_file_can_say(vault: Vault, redis: Redis) -> None:
    code, seen = await at_a_terminal(
        ("subscriber", "add"),
        [
            ("Channel", "email"), ("Address", "0one@example.org"), ("Another address?", "n"), ("Language", ""),
            ("Mode", "discreet"), ("Kinds", ""), ("Regions", ""), ("Persons", ""), ("Finer", "y"),
            ("How often", "dayly"), ("did you mean daily?", "daily"), ("Towns", "Nowhere"),
            ("not in the list of towns", "Mozyr, Лида"), ("Told by", "media"), ("How certain", "confirmed"),
            ("Articles", "34"), ("like 342", "342, 361-4"), ("Not from", "brest"), ("Updates", "no"),
            ("Quiet hours", "22-7"), ("quiet hours are two", "22:00-07:00"), ("Time zone", "Nowhere/Else"),
            ("a zone has its name", "Europe/Warsaw"), ("Urgent", "yes"), ("A letter shows", "code_word"),
            ("Code word", MARK), ("Label", ""),
        ],
    )  # fmt: skip
    assert code == 0, seen
    assert MARK not in seen
    (one,) = await vault.everybody()
    assert one.interests == (
        Interest(
            towns=("gomel:Mozyr", "grodno:Lida"), sources=(PartyClass.MEDIA,), least=Certainty.CONFIRMED,
            articles=("342", "361-4"), without=(Interest(regions=("brest",)),), frequency="daily",
        ),
    )  # fmt: skip
    assert (one.updates, one.quiet, one.zone, one.urgent) == (False, (22 * 60, 7 * 60), "Europe/Warsaw", True)
    assert (one.cover, one.code_word) == ("code_word", MARK)
    shown = await vestka("subscriber", "show", str(one.number))
    for said in ("how often   daily", "quiet       22:00-07:00", "updates     no", "encrypted   no"):
        assert said in shown.out
    assert "Warsaw" not in shown.out
    code, seen = await at_a_terminal(
        ("subscriber", "edit", str(one.number)),
        [
            ("Language", ""), ("Mode", ""), ("Kinds", ""), ("Regions", ""), ("Persons", ""), ("Finer", "y"),
            ("How often", ""), ("Towns", ""), ("Told by", ""), ("How certain", ""), ("Articles", ""),
            ("Not from", ""), ("Updates", ""), ("Quiet hours", ""), ("Time zone", ""),
            ("Urgent", ""), ("A letter shows", ""), ("Code word", ""), ("Label", ""), ("Addresses", "n"),
        ],
    )  # fmt: skip
    assert "nothing was changed" in seen, seen
    assert await vault.get(one.number) == one
    assert MARK not in await everything_in(redis)


async def test_who_is_brought_in_counts_as_confirmed_and_the_audit_says_so(redis: Redis, vault: Vault) -> None:
    await bring_in(line(f"{MARK}-1@example.org"), line(f"{MARK}-2@example.org"))
    await vestka("subscriber", "add", "-", stdin="{channels: [{channel: email, target: kanarejka-3@example.org}]}")
    entries = await Audit(redis).entries()
    assert [(one.what, one.detail.partition(",")[0]) for one in entries] == [
        ("consent", "2 imported"),
        ("consent", "1 added"),
    ]
    assert MARK not in str(entries)


async def test_whom_an_operator_would_rather_ask_gets_a_letter_and_is_nobody_until_they_confirm(
    redis: Redis, vault: Vault
) -> None:
    answer = await vestka(
        "subscriber", "import", "--ask-by-mail", "-o", "json",
        stdin="\n".join([line(f"{MARK}@example.org"), line("1001", channel="telegram")]),
    )  # fmt: skip
    assert answer.read == {"added": 0, "replaced": 0, "left out": 0, "asked by mail": 1, "bad": 1}
    assert "line 2" in answer.err
    added = await vestka(
        "subscriber", "add", "--ask-by-mail", "-", stdin="{channels: [{channel: email, target: kanarejka@example.org}]}"
    )
    assert added.code == 0
    assert await vault.everybody() == []
    assert await redis.xlen(LETTERS_STREAM) == 2
    assert await Audit(redis).entries() == []
    assert MARK not in await everything_in(redis)
