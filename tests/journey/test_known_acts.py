"""What an operator sees of the acts that were known before."""

from __future__ import annotations

import json

from tests.road import Road


async def test_known_acts_are_listed_and_shown_before_anybody_reported_them(road: Road) -> None:
    code, out, err = await road.vestka("story", "list", "--known", "--output", "json")
    assert code == 0, err
    listed = {row["id"]: row["state"] for row in json.loads(out)}
    assert listed["pardon-BY-2024-12-28"] == "known"
    code, out, err = await road.vestka("story", "show", "pardon-BY-2024-12-28")
    assert code == 0, err
    assert json.loads(out)["facts"]["pardoned"] == 20
    code, _, err = await road.vestka("story", "show", "pardon-BY-2024-12-27")
    assert (code, "there is no story" in err) == (3, True)
