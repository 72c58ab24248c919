"""Who is named near an act: "among them" binds to the nearest group; who speaks or was freed before is none."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Final

import pytest
import yaml

from services.contract import Role
from services.ingest.extraction import extract
from services.ingest.extraction.people.nearest_group import bound_role

TEXTS: Final = [
    (language, *each)
    for language, texts in yaml.safe_load((Path(__file__).parent / "nearest_group.yaml").read_text("utf-8")).items()
    for each in texts
]


@pytest.mark.parametrize(("language", "text", "pardoned", "detained"), TEXTS)
def test_only_those_whom_the_act_touched_are_named(
    language: str, text: str, pardoned: list[str], detained: list[str]
) -> None:
    people = extract(text, language=language, published=date(2026, 3, 2), at_home=True).persons
    for role, names in ((Role.PARDONED, pardoned), (Role.DETAINED, detained)):
        assert sorted(one.name for one in people if one.role is role) == sorted(names)


HELD: Final = {
    "en": ["1,150 prisoners remain behind bars", "many are still held", "hundreds are in prison"],
    "ru": ["1150 политзаключенных остаются за решеткой", "сотни людей сидят", "многие содержатся в колониях"],
    "be": ["1150 палітвязняў застаюцца за кратамі", "сотні людзей сядзяць", "многія ўтрымліваюцца ў калоніях"],
}
OTHERS: Final = {
    "en": ["ten were fined", "five were sentenced", "three have died"],
    "ru": ["десятерых оштрафовали", "пятерых осудили", "трое умерли"],
    "be": ["дзесяцярых аштрафавалі", "пяцярых асудзілі", "трое памерлі"],
}
AMONG: Final = {
    "en": ["among them", "including", "among whom are"],
    "ru": ["среди них", "в том числе", "в их числе"],
    "be": ["сярод іх", "у тым ліку", "у іх ліку"],
}
ACT: Final = {"en": "20 people were pardoned", "ru": "20 человек помиловали", "be": "20 чалавек памілавалі"}
GROUPS: Final = [
    (group, among, ACT[language], role)
    for groups, role in ((HELD, Role.STILL_HELD), (OTHERS, Role.MENTIONED))
    for language in groups
    for group, among in product(groups[language], AMONG[language])
]


@pytest.mark.parametrize(("group", "among", "act", "role"), GROUPS)
@pytest.mark.parametrize("joint", ["; ", ", ", ". "])
def test_a_name_is_bound_to_the_group_spoken_of_last(group: str, among: str, act: str, role: Role, joint: str) -> None:
    plain = f"{act}{joint}{group}, {among} NAME"
    assert bound_role(plain, plain.index("NAME")) is role
    turned = f"{group}{joint}{act}, {among} NAME"
    assert bound_role(turned, turned.index("NAME")) is None
