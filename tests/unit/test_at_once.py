"""Whose turn it is: what waits beside what computes, the longest waits first, and nobody idle while files are left."""

from __future__ import annotations

import pytest

from tests.at_once import WORKERS_TO_A_CORE, computes, next_file

JOURNEY, FAULT, REDIS = "tests/journey/test_a.py", "tests/faults/test_b.py", "tests/redis/test_c.py"
UNIT, GOLDEN = "tests/unit/test_d.py", "tests/golden/test_e.py"


def test_one_worker_in_each_cores_share_takes_what_computes() -> None:
    shares = [computes(f"gw{number}") for number in range(4 * WORKERS_TO_A_CORE)]
    assert shares == [True, *[False] * (WORKERS_TO_A_CORE - 1)] * 4


@pytest.mark.parametrize(
    ("files", "computing", "chosen"),
    [
        ([REDIS, UNIT, GOLDEN], True, UNIT),
        ([REDIS, GOLDEN, UNIT], True, GOLDEN),
        ([UNIT, REDIS, FAULT, JOURNEY], False, FAULT),
        ([UNIT, REDIS], False, REDIS),
        ([UNIT, GOLDEN], False, UNIT),
        ([REDIS, JOURNEY], True, JOURNEY),
    ],
)
def test_the_next_file_is_of_its_own_kind_while_there_is_one(files: list[str], computing: bool, chosen: str) -> None:
    assert next_file(files, computing=computing) == chosen
