"""A decision that readers hear of says why, before anything is asked of Redis."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from services.cli import decisions
from services.cli.decisions import decision_reason
from services.cli.exits import CliExit, Code


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_reason_that_says_nothing_or_too_much_is_refused(reason: str) -> None:
    with pytest.raises(CliExit) as refused:
        decision_reason(reason)
    assert refused.value.code is Code.USAGE


def test_every_verb_that_readers_hear_of_asks_for_a_reason() -> None:
    app = typer.Typer()
    decisions.register(app)
    for words in (["hold", "a"], ["retract", "a"], ["merge", "a", "b"]):
        result = CliRunner().invoke(app, [*words, "--reason", " "])
        assert isinstance(result.exception, CliExit), words
