"""A text that was not sure to be news: handed in, listed, shown, answered once, and written out as an example."""

from __future__ import annotations

import json

from tests.journey.test_operators import vestka
from tests.road import Road

COURT = "The activist was sentenced in Gomel, Belarus; police had arrested six activists before the trial began."
SAILORS = "Uniunea anunță: în Belarus au fost arestați șase jurnaliști.\x1b[31m"


async def test_a_near_miss_is_answered_by_command_and_becomes_an_example(road: Road) -> None:
    await road.start("ingest")
    for text in (COURT, SAILORS):
        code, out, err = await vestka(road, "submit", "-", "--output", "json", stdin=text)
        assert (code, json.loads(out)["outcome"]) == (0, "near_miss"), err
    assert await road.events() == []
    code, out, _ = await vestka(road, "near-miss", "list", "--output", "json")
    first, second = json.loads(out)
    code, out, _ = await vestka(road, "near-miss", "show", second["id"])
    assert code == 0
    assert "\x1b" not in out

    assert (await vestka(road, "near-miss", "news", first["id"], "--kind", "arrest"))[0] == 2
    news = ("near-miss", "news", first["id"], "--kind", "arrest", "--number", "6", "--output", "json")
    code, out, err = await vestka(road, *news, "--dry-run")
    assert (code, json.loads(out)["dry_run"]) == (0, True), err
    code, out, err = await vestka(road, *news, "--confirm")
    assert (code, len(json.loads(out)["stories"])) == (0, 1), err
    assert (await vestka(road, *news, "--confirm"))[0] == 4
    code, _, err = await vestka(road, "near-miss", "dismiss", second["id"], "--reason", "not ours")
    assert (code, err.strip()) == (0, "dismissed")
    assert (await vestka(road, "near-miss", "list"))[0] == 3
    assert (await vestka(road, "near-miss", "show", "nm-unknown"))[0] == 3

    code, out, _ = await vestka(road, "corpus", "export")
    kinds = [json.loads(line)["label"]["kind"] for line in out.splitlines()]
    assert (code, kinds) == (0, ["arrest", "other"])
