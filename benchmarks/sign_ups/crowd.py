"""People who join: each opens the form, sends it, reads the letter, opens the link and presses the button; and whether
the store then has each of them, with what they chose."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from benchmarks.sign_ups.ground import Ground
from services.demo.form_browser import FormBrowser
from services.names import fold
from services.subscribers.subscriber import Subscriber

_PATIENCE: Final = 60.0
_NAME: Final = "Здзіслава Канарэйчык"


@dataclass(frozen=True, slots=True)
class Person:
    """What they choose goes by their number, so that one cannot get what another chose unseen."""

    number: int

    @property
    def address(self) -> str:
        return f"reader.{self.number}@crowd.example"

    @property
    def fields(self) -> dict[str, Any]:
        kinds = (["pardon"], ["arrest"], ["pardon", "arrest"])[self.number % 3]
        chosen: dict[str, Any] = {"language": ("be", "ru", "en")[self.number // 3 % 3], "kind": kinds}
        chosen["updates"] = ("all", "first")[self.number % 2]
        return chosen | ({"persons": _NAME} if self.number % 5 == 0 else {})

    def is_kept_right(self, kept: Subscriber) -> bool:
        wanted, general = self.fields, kept.interests[0]
        persons = tuple(key for one in kept.interests for key in one.persons)
        return (
            kept.language == wanted["language"]
            and kept.updates == (wanted["updates"] == "all")
            and sorted(map(str, general.kinds or ("pardon", "arrest"))) == sorted(wanted["kind"])
            and persons == ((fold(_NAME),) if "persons" in wanted else ())
            and kept.is_reached
        )


async def join_all(ground: Ground, people: Iterable[Person], seconds_between: float) -> list[str]:
    """Each begins at its time, whatever becomes of those before; what kept those who got no further than some page."""
    tasks = []
    for person in people:
        tasks.append(asyncio.create_task(_join(ground, person)))
        await asyncio.sleep(seconds_between)
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    return [type(end).__name__ for end in ends if isinstance(end, BaseException)]


async def _join(ground: Ground, person: Person) -> None:
    """By connections of their own, as people have them."""
    async with httpx.AsyncClient(base_url=ground.base, verify=False, trust_env=False, timeout=_PATIENCE) as client:
        browser = FormBrowser(client)
        form = await browser.open("/join/email?lang=en")
        sent = await browser.send(form, "/join/email", email=person.address, **person.fields)
        sent.answer.raise_for_status()
        async with asyncio.timeout(_PATIENCE):
            letter = await ground.mailbox.letter(person.address, 1)
        (link,) = [line for line in letter.text.splitlines() if line.startswith(ground.base)]
        joined = await browser.send(await browser.open(link))
        joined.answer.raise_for_status()


async def look_after(ground: Ground, people: Iterable[Person]) -> tuple[int, int]:
    """How many the store has not, and how many it has with something else than they chose."""
    kept = {one.addresses[0].target: one for one in await ground.vault.everybody()}
    lost = wrong = 0
    for person in people:
        found = kept.get(person.address)
        lost += found is None
        wrong += found is not None and not person.is_kept_right(found)
    return lost, wrong
