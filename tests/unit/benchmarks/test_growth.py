"""The tool that looks for growth finds it, and finds none in what reading really asks."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from benchmarks.growth.measuring import Growth, growth
from benchmarks.growth.texts import texts
from services.runtime.settings import REPOSITORY

GROWING = {
    "exponential: a repeat of a repeat": r"(?:\w+,? ?)+!",
    "exponential: two ways for one letter": r"(?:а|[а-я])*!",
    "exponential: a row with an optional remark within": "(?:\ue105+(?:(?:, [^.]{1,20})?)?,? ?)*z",
    "quadratic: a repeat that any place may begin": r"[а-я ]*!",
    "quadratic: two repeats beside one another": r"^\d*\d*x",
    "quadratic: a row that every name may begin": r"\bA(?:[^A.]{1,20}A)*\.",
    "cubic": r"\s+.*\s+x",
}
LINEAR = {
    "words": r"(?<!\w)(?:освобо\w*|free\w+)(?!\w)",
    "a bounded gap": r"(?<!\w)помил\w*[^.;]{0,60}челов\w*",
    "a row without a way back": "(?<!\ue105)\ue105++(?:, \ue105++)*+",
    "possessive": r"(?<![\w, ])(?:\w+,? ?)++!",
}


def grows(pattern: str, most: int) -> Growth | None:
    regex = re.compile(pattern)
    found = (growth(_all(regex), text, most) for text in texts(regex, 6, random.Random(1)))
    return next((each for each in found if each), None)


def _all(regex: re.Pattern[str]) -> Callable[[str], object]:
    return lambda text: sum(1 for _ in regex.finditer(text))


@pytest.mark.parametrize("pattern", GROWING.values(), ids=GROWING.keys())
def test_a_pattern_that_grows_faster_than_its_text_is_found(pattern: str) -> None:
    assert grows(pattern, 100_000)


@pytest.mark.parametrize("pattern", LINEAR.values(), ids=LINEAR.keys())
def test_a_linear_pattern_is_let_through(pattern: str) -> None:
    assert grows(pattern, 30_000) is None


def test_what_grows_outside_of_patterns_is_found_too() -> None:
    def compares_all_with_all(text: str) -> int:
        words = text.split()
        return sum(one == other for one in words for other in words)

    assert growth(compares_all_with_all, lambda length: "ab " * (length // 3), 100_000)
    assert growth(lambda text: text.split(), lambda length: "ab " * (length // 3), 100_000) is None


def test_no_pattern_and_no_article_grows_faster_than_its_text() -> None:
    """Every pattern, quickly; `make growth` asks them at length."""
    tool = (sys.executable, "-m", "benchmarks.growth", "--quick")
    done = subprocess.run(tool, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "patterns asked" in done.stdout
