"""What is looked at first, so that most lines need no tidying, changes no line."""

from __future__ import annotations

from itertools import product

from services.notify.content.rendering import _ODD_SPACES, _SPACES


def test_a_line_that_is_passed_over_is_what_tidying_would_have_left() -> None:
    passed_over = 0
    for signs in product("a1 \u00a0\u202f\n", repeat=5):
        line = "".join(signs)
        if not _ODD_SPACES.search(line):
            passed_over += 1
            assert _SPACES.sub(" ", line) == line
    assert passed_over
