"""`vestka run notify --processes N`: which N there may be."""

from __future__ import annotations

import pytest

from tests.commands import vestka


@pytest.mark.parametrize(
    "words",
    [
        *(("notify", "--processes", number) for number in ("0", "-1", "65", "1000000", "two", "1.5", "")),
        *((which, "--processes", "2") for which in ("ingest", "all")),
        ("--processes", "2"),
        ("notify", "--processes", "2", "--unsupervised"),
    ],
)
async def test_a_number_that_cannot_be_is_a_usage_error_that_names_the_option(words: tuple[str, ...]) -> None:
    answer = await vestka("run", *words)
    assert (answer.code, "--processes" in answer.err, "Traceback" in answer.err) == (2, True, False), answer.err
