"""`vestka match`: an operator is asked about the article and the person, and never sees who watches."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from services.cli.exits import Code
from services.names import fold
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.routing import doubts
from services.notify.opened_vault import keyring_of
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.notify.watching.doubtful import DoubtfulMatchesWatch
from services.operations.audit import Audit
from services.runtime.clock import unix_of
from services.runtime.settings import load_settings
from services.subscribers.interests import following, marked
from tests.commands import vestka
from tests.redis.samples import TIME, pardon, put_event, subscriber
from tests.store import vault_on

EVENT = pardon(of=("Иван Лисов",))


@pytest.fixture(autouse=True)
def here(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)


async def asked(redis: Redis) -> DoubtfulMatches:
    """One question of an event that is long over, and two who watch."""
    await put_event(redis, EVENT)
    interest = following([marked("Иван Лосев")])
    readers = [await vault_on(redis).add(subscriber(interest)) for _ in range(2)]
    matches = DoubtfulMatches(redis, References(await keyring_of(redis, load_settings(NotifySettings))))
    await matches.note(EVENT, doubts(EVENT, readers[0]), unix_of(TIME))
    return matches


async def test_what_waits_is_listed_and_shown_without_who_watches(redis: Redis) -> None:
    assert (await vestka("match", "list")).code == Code.NOTHING_MATCHED
    matches = await asked(redis)
    (row,) = (await vestka("match", "list", "--output", "json")).read
    assert (row["event"], row["score"], row["agreed"]) == (EVENT.id, 0.74, "surname but for a sound, given name")
    shown = (await vestka("match", "show", row["id"], "--output", "json")).read
    assert (shown["named"], shown["watched"], shown["answer"]) == ("Иван Лисов", "Avan Lasav", "waits")
    assert not {"subscriber", "number", "readers", "watchers"} & set(shown)
    (found,) = await DoubtfulMatchesWatch(matches).look(0.0)
    assert row["id"] in found.says
    assert fold("Иван Лосев") not in found.says


async def test_an_answer_is_given_once_and_stands_in_the_audit(redis: Redis) -> None:
    matches = await asked(redis)
    (doubt,) = await matches.waiting()
    assert (await vestka("match", "no", doubt.id)).code == Code.USAGE
    assert "nobody is told" in (await vestka("match", "no", doubt.id, "--as", "ana", "--confirm")).err
    assert (await vestka("match", "yes", doubt.id, "--confirm")).code == Code.REFUSED
    (entry,) = await Audit(redis).entries()
    assert (entry.who, entry.what, entry.detail) == ("ana", "match", f"match {doubt.id}: another person")


async def test_a_yes_to_old_news_says_how_it_could_be_sent(redis: Redis) -> None:
    matches = await asked(redis)
    (doubt,) = await matches.waiting()
    told = await vestka("match", "yes", doubt.id, "--as", "ana", "--confirm")
    assert f"'vestka replay --story {doubt.story} --allow-stale' sends it" in told.err
    assert (await matches.answers(EVENT.data)).same == {doubt.pair}


async def test_nobody_is_asked_about_what_is_not_there(redis: Redis) -> None:
    await asked(redis)
    assert (await vestka("match", "show", "match-nothing")).code == Code.NOTHING_MATCHED
