"""A reader's link is made once for events that come one upon another, and is not kept beyond."""

import asyncio

from services.notify.delivery.kept_links import KeptLinks
from services.subscribers.address import Mode


class Maker:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self, seed: str, mode: Mode) -> str:
        self.made += 1
        return f"https://alerts.example.org/stop/{seed}-{mode}"


async def test_the_same_reader_gets_the_same_link_and_it_is_made_once() -> None:
    maker = Maker()
    links = KeptLinks(maker)

    assert {links.url("seed", "plain") for _ in range(5)} == {"https://alerts.example.org/stop/seed-plain"}
    assert maker.made == 1


async def test_each_reader_and_mode_has_a_link_of_its_own() -> None:
    links = KeptLinks(Maker())

    assert len({links.url(seed, mode) for seed in ("one", "two") for mode in ("plain", "discreet")}) == 4


async def test_after_its_time_nothing_of_it_is_left() -> None:
    maker = Maker()
    links = KeptLinks(maker, seconds=0.0)
    links.url("seed", "plain")

    async with asyncio.timeout(60):
        while links._kept:
            await asyncio.sleep(0)

    links.url("seed", "plain")
    assert maker.made == 2


async def test_however_many_readers_there_are_few_links_are_kept() -> None:
    links = KeptLinks(Maker())

    for number in range(10_000):
        links.url(str(number), "plain")

    assert len(links._kept) <= 4096
