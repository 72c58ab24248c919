"""What a reader finds in the mailbox of a road, and how a road gets the portal that the links in it lead to."""

from __future__ import annotations

from urllib.parse import urlsplit

from services.demo.caught_letter import CaughtLetter
from services.demo.stage import free_ports
from tests.road import Road, eventually


def with_portal(road: Road) -> str:
    """The address at which readers reach it."""
    public = free_ports("portal")["portal"]
    road.ports |= free_ports("portal")
    base = f"http://127.0.0.1:{public}"
    road.environment |= {
        "VESTKA_PORTAL_PORT": str(public),
        "VESTKA_PORTAL_PRIVATE_PORT": str(road.ports["portal"]),
        "VESTKA_PUBLIC_URL": base,
    }
    return base


def letters_to(road: Road, who: str) -> list[CaughtLetter]:
    return [one for one in road.stage.inbox.messages if one.recipient == who]


async def newest(road: Road, who: str, count: int) -> CaughtLetter:
    """Once there are so many, and no more."""
    await eventually(lambda: len(letters_to(road, who)) >= count, f"letter {count} to {who.partition('@')[0]}")
    found = letters_to(road, who)
    assert len(found) == count
    return found[-1]


def link_in(letter: CaughtLetter, base: str) -> str:
    """The path of the only link that stands on a line of its own."""
    (link,) = [line for line in letter.text.splitlines() if line.startswith(base)]
    return urlsplit(link).path


def link_of_stop(letter: CaughtLetter, base: str) -> str:
    """One-click needs https, so a letter of a test bears the link in its text alone."""
    return next(word for word in letter.text.split() if word.startswith(f"{base}/stop/"))
