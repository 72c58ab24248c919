"""An alarm without cause would keep news back: events of every make are rendered, and none may be held. Numbers of each
form, hedges, disputes, parties with digits in their names, names in one script alone, dates in a charge.
"""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from services.contract import Undecodable, decode_event
from tests.unit.notify.content.test_parity import RENDERER, told
from tests.unit.notify.test_hostile_values import EVENTS

COUNTS = (1, 2, 3, 5, 11, 12, 20, 21, 22, 100, 1000, 1250)
COUNTED = ("pardoned", "detained", "women", "men", "chronically_ill", "pensioners", "with_children")
WIDER = ("nth_pardon", "released_total", "still_held", "deaths_in_custody")
HEDGES = ("exact", "about", "at_least", "over", "almost")
PARTIES = tuple(
    {"id": party, "name": name, "class": of}
    for party, name, of in (
        ("viasna", "Viasna", "defender"), ("mvd", "МУС", "official"), ("kgb", "КГБ", "official"),
        ("president", "President", "official"), ("charter97", "Charter97", "media"), ("x-24", "X Wire 24", "media"),
        ("government", "урад", "official"), ("rights-groups", "rights groups", "defender"),
        ("y-5", "Урад 5 раёна", "official"),
    )
)  # fmt: skip
OTHERS = (
    ("left_prison", True), ("went_to", "LT"), ("where_held", "SIZO-1"), ("recognised_by", ["viasna"]),
    ("counted_since", "2024-summer"), ("counted_since", "2024-07"), ("administrative_article", "19.11"),
    ("charge", "участие 28 декабря 2024 года, 15 человек"), ("decree_number", "501"), ("petitioned", True),
    ("repented", True), ("administrative_days", 15), ("sentence_threatened", 7),
)  # fmt: skip
PEOPLE: tuple[tuple[str, dict[str, str]], ...] = (
    ("Ivan Petrov", {"ru": "Иван Петров"}),
    ("Пётр Іваноў", {"en": "Piotr Ivanou"}),
    ("Ян 7 Новак", {}),
    ("Siarhei", {}),
)


def made_up(dice: random.Random) -> str:
    raw: dict[str, Any] = json.loads(dice.choice(EVENTS).read_text())
    data = raw["data"]
    facts, claims = data["headline_facts"], data.setdefault("claims", [])
    facts.update({field: dice.choice(COUNTS) for field in (*COUNTED, *WIDER) if dice.random() < 0.3})
    for claim in claims:
        claim["said_by"] = dice.choice((claim["said_by"], *PARTIES))
    for field, value in OTHERS:
        if dice.random() < 0.25:
            facts[field] = value
            _claim(dice, claims, field, value)
    for field in dice.sample((*COUNTED, *WIDER), 3):
        _claim(dice, claims, field, dice.choice(COUNTS), precision=dice.choice(HEDGES), as_of="2024-11-02")
    data["certainty"] = dice.choice(("confirmed", "reported", "disputed"))
    role = {"pardon": "pardoned", "arrest": "detained"}.get(data["kind"], "mentioned")
    for number, (name, names) in enumerate(dice.sample(PEOPLE, 2)):
        person = {
            "name": name,
            "names": names,
            "key": f"k{number}",
            "role": dice.choice((role, "still_held", "mentioned")),
        }
        data.setdefault("persons", []).append(person)
    data["reason_lines"] = dice.choice(({}, {"en": "it was 7", "be": "не 9, а 1 250"}))
    return json.dumps(raw)


def _claim(dice: random.Random, claims: list[Any], field: str, value: object, **more: object) -> None:
    if claims:
        claim = copy.deepcopy(dice.choice(claims))
        claim.pop("precision", None)
        claims.append({**claim, "field": field, "value": value, "said_by": dice.choice(PARTIES), **more})


@pytest.mark.parametrize("seed", range(24))
def test_no_event_is_held_without_cause(seed: int) -> None:
    try:
        event = decode_event(made_up(random.Random(seed)))
    except Undecodable as error:  # then it proves nothing
        pytest.fail(str(error))
    assert told(RENDERER, event) == []
