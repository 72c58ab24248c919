"""A digest that does not say the same in every language goes out in none, sounds an alarm, and is told once mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.notify.content.plain_facts import plain_words
from services.notify.watching.renderings import RenderingsWatch
from services.subscribers.address import Mode
from services.subscribers.topics import Interest
from tests.redis.digest_house import DAILY, WEEKLY, open_digest_house
from tests.redis.samples import arrest, pardon
from tests.unit.notify.content.test_parity import broken

SUNDAY_AT_EIGHT, MONDAY_AT_EIGHT = "2024-12-29T05:00:00Z", "2024-12-30T05:00:00Z"
ARRESTS = 'few: "В Беларуси задержаны {people}", many: "В Беларуси задержаны {people}"'


async def test_it_goes_out_in_no_language_and_the_next_one_tells_it(redis: Redis, tmp_path: Path) -> None:
    async with open_digest_house(redis) as house:
        await house.subscribe(DAILY, language="en")
        await house.subscribe(DAILY, WEEKLY, language="ru", channels=("telegram",), targets={"telegram": "77"})
        await house.deliver(pardon())
        mended = house.desk
        house.desk = house.opened(broken(tmp_path, "languages/ru.yaml", '    until: "', '    until: "7 '))
        await house.digests_at(SUNDAY_AT_EIGHT)
        assert house.mail.taken == house.chat.taken == []
        (found,) = await RenderingsWatch(redis, house.dead, "1").look(house.clock())
        assert found.kind == "renderings_differ"
        assert found.about == "digest-2024-12-29"
        house.desk = mended
        await house.digests_at(MONDAY_AT_EIGHT)
        assert len(house.digests()) == len(house.digests("telegram")) == 1
        await house.digests_at("2024-12-31T05:00:00Z")
        assert len(house.digests()) == 1


@pytest.mark.parametrize("language", ["en", "ru", "be"])
@pytest.mark.parametrize("mode", ["plain", "discreet"])
async def test_one_story_that_differs_is_told_in_a_plain_sentence_and_keeps_no_other_back(
    redis: Redis, tmp_path: Path, language: str, mode: Mode
) -> None:
    async with open_digest_house(redis) as house:
        await house.subscribe(DAILY, language=language, mode=mode, channels=("email", "telegram"))
        await house.subscribe(Interest(kinds=(Kind.PARDON,), frequency="daily"), language=language, mode=mode)
        await house.deliver(pardon(), arrest())
        usual = house.desk
        house.desk = house.opened(broken(tmp_path, "languages/ru.yaml", ARRESTS, ARRESTS.replace("{people}", "777")))
        await house.digests_at(SUNDAY_AT_EIGHT)
        assert len(house.digests()) == 2
        assert len(house.digests("telegram")) == 1
        told = [*house.texts(), *house.texts("telegram")]
        assert not any("777" in text for text in told)
        notice = plain_words()[language].kinds["arrest"]
        assert sum(notice in text for text in told) == 2
        assert await house.dead.all() == []
        house.desk = usual
        await house.digests_at(MONDAY_AT_EIGHT)
        assert len(house.digests()) == 2
