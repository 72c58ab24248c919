"""A site's robots.txt is read once a day, as RFC 9309 says, and kept to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pytest

from services.egress import Answer, TimedOut
from services.ingest.sources.base import SourceTrouble
from services.ingest.sources.robots import PoliteFetch
from services.ingest.sources.robots_file import read_robots

HOST = "https://news.example"


@pytest.mark.parametrize(
    ("robots", "allowed", "forbidden"),
    [
        ("", ["/", "/rss"], []),
        ("<html><body>Not found: nothing</body></html>", ["/rss"], []),
        ("User-agent: *\nDisallow:", ["/rss"], []),
        ("User-agent: *\nDisallow: /", ["/robots.txt"], ["/", "/rss", "/rss?a=1"]),
        ("\ufeffuser-AGENT : *\r\ndisALLOW:/rss # feeds", ["/", "/RSS"], ["/rss", "/rss.xml", "/rss/2"]),
        ("User-agent: *\rDisallow: /a\rAllow: /a/b", ["/a/b", "/a/b/c"], ["/a", "/a/c"]),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a/", ["/a/b"], ["/a/c"]),
        ("User-agent: *\nDisallow: /a\nAllow: /a", ["/a"], []),
        ("User-agent: *\nDisallow: /*.xml$", ["/a.xml?x", "/a.xmls"], ["/a.xml", "/b/c.xml"]),
        ("User-agent: *\nDisallow: /*?", ["/a"], ["/a?b", "/?x=1"]),
        ("User-agent: *\nDisallow: /$", ["/rss"], ["/"]),
        ("User-agent: *\nDisallow: /a*b*c$", ["/abd", "/acb"], ["/abc", "/axbcxc"]),
        ("User-agent: *\nDisallow: /навіны", ["/"], ["/%D0%BD%D0%B0%D0%B2%D1%96%D0%BD%D1%8B", "/навіны/1"]),
        ("User-agent: *\nDisallow: /%6Eews%2f", ["/news/"], ["/news%2F1"]),
        ("Disallow: /\nUser-agent: *\nDisallow: /a", ["/"], ["/a"]),
        ("User-agent: *\nDisallow /\nnonsense\n: /\nDisallow: /b", ["/"], ["/b"]),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Vestka\nDisallow: /a", ["/rss"], ["/a"]),
        ("User-agent: VESTKA/1.0\nUser-agent: other\n\nDisallow: /a\nUser-agent: *\nDisallow: /", ["/"], ["/a"]),
        ("User-agent: vestka\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: vestka\nDisallow: /b",
         ["/c"], ["/a", "/b"]),
        ("User-agent: Vestkabot\nDisallow: /", ["/"], []),
        ("User-agent: *\nCrawl-delay: 1\nUser-agent: x\nDisallow: /a", ["/"], ["/a"]),
    ],
)  # fmt: skip
def test_the_longest_rule_of_our_group_decides(robots: str, allowed: list[str], forbidden: list[str]) -> None:
    rules = read_robots(robots)
    assert [path for path in allowed if not rules.allows(HOST + path)] == []
    assert [path for path in forbidden if rules.allows(HOST + path)] == []


class Host:
    """A site that gives this robots.txt (a number is a status, an error is raised) and says 200 to all else."""

    def __init__(self, robots: str | int | Exception) -> None:
        self.robots = robots
        self.now = 0.0
        self.asked: list[str] = []
        self.moved: dict[str, str] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer:
        self.asked.append(url)
        if url in self.moved:
            return Answer(301, {"location": self.moved[url]}, b"", url)
        if not url.endswith("/robots.txt"):
            return Answer(200, {}, b"news", url)
        if isinstance(self.robots, Exception):
            raise self.robots
        if isinstance(self.robots, int):
            return Answer(self.robots, {"retry-after": "70"}, b"User-agent: *\nDisallow: /", url)
        return Answer(200, {}, self.robots.encode(), url)

    @property
    def polite(self) -> PoliteFetch:
        return PoliteFetch(self, clock=lambda: self.now)


async def ask(way: PoliteFetch, path: str = "/rss", host: str = HOST) -> str:
    """What it came to: "ok" or the slug of the trouble."""
    try:
        answer = await way.request("GET", host + path, deadline=1, max_bytes=1)
    except SourceTrouble as trouble:
        return trouble.what
    return "ok" if answer.status == 200 else str(answer.status)


FORBIDS = "User-agent: *\nDisallow: /rss"


async def test_what_is_forbidden_is_not_asked_for() -> None:
    host = Host(FORBIDS)
    way = host.polite
    assert [await ask(way), await ask(way, "/news")] == ["robots", "ok"]
    assert host.asked == [f"{HOST}/robots.txt", f"{HOST}/news"]


async def test_it_is_read_once_a_day_for_each_host() -> None:
    host = Host("")
    way = host.polite
    for hour in (0, 12, 23, 25):
        host.now = hour * 3600.0
        host.robots = FORBIDS if hour else ""
        assert await ask(way) == ("robots" if hour == 25 else "ok")
    assert await ask(way, host="https://other.example") == "robots"
    assert [url for url in host.asked if "robots" in url].count(f"{HOST}/robots.txt") == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
async def test_a_site_without_one_forbids_nothing(status: int) -> None:
    assert await ask(Host(status).polite) == "ok"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_site_whose_own_trouble_hides_it_is_left_alone_for_a_day_at_most(status: int) -> None:
    host = Host(status)
    way = host.polite
    came = []
    for hour in (0, 1, 23, 24, 25):
        host.now = hour * 3600.0
        came.append(await ask(way))
    assert came == ["robots_unreadable"] * 3 + ["ok"] * 2
    host.robots = FORBIDS
    host.now += 3600
    assert await ask(way) == "robots"


async def test_a_host_that_cannot_be_reached_says_so_itself_and_is_asked_anew() -> None:
    host = Host(TimedOut())
    way = host.polite
    with pytest.raises(TimedOut):
        await ask(way)
    host.robots = FORBIDS
    assert await ask(way) == "robots"


@pytest.mark.parametrize("trouble", [503, TimedOut()])
async def test_rules_that_are_known_outlive_a_trouble(trouble: int | Exception) -> None:
    host = Host(FORBIDS)
    way = host.polite
    await ask(way)
    host.robots, host.now = trouble, 3 * 86_400.0
    assert [await ask(way), await ask(way, "/news")] == ["robots", "ok"]


async def test_redirects_are_followed_and_their_circle_is_no_file() -> None:
    host = Host(FORBIDS)
    host.moved = {f"{HOST}/robots.txt": "https://www.news.example/robots.txt"}
    assert await ask(host.polite) == "robots"
    host.moved = {f"{HOST}/robots.txt": "/robots.txt"}
    assert await ask(host.polite) == "ok"
