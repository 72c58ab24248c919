"""A digest that does not say the same in every language goes out in none, sounds an alarm, and is told once mended."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from services.notify.watching.renderings import RenderingsWatch
from tests.redis.digest_house import DAILY, WEEKLY, open_digest_house
from tests.redis.samples import pardon
from tests.unit.notify.content.test_parity import broken

SUNDAY_AT_EIGHT, MONDAY_AT_EIGHT = "2024-12-29T05:00:00Z", "2024-12-30T05:00:00Z"


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
