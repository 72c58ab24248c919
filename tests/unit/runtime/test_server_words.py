"""Whatever way redis-py hands on a server's refusal, its word is found; a word of ours in the text is none."""

from __future__ import annotations

import pytest
from redis._parsers.base import BaseParser
from redis.exceptions import ResponseError

from services.runtime.heartbeat import writes_refused
from services.runtime.server_words import server_word

SAID = {
    "READONLY": "READONLY You can't write against a read only replica.",
    "OOM": "OOM command not allowed when used memory > 'maxmemory'.",
    "NOREPLICAS": "NOREPLICAS Not enough good replicas to write.",
    "MISCONF": "MISCONF Errors writing to the AOF file: No space left on device",
}


def _handed_on(text: str) -> Exception:
    return BaseParser.parse_error(text)  # type: ignore[no-any-return, no-untyped-call]


@pytest.mark.parametrize(("word", "text"), SAID.items())
def test_a_refused_write_is_told_by_its_word(word: str, text: str) -> None:
    assert word in str(writes_refused(_handed_on(text)))


@pytest.mark.parametrize(("word", "text"), SAID.items())
def test_a_refused_write_inside_a_pipeline_or_a_script_too(word: str, text: str) -> None:
    within = _handed_on(f"ERR Error running script: @user_script:3: {text}")
    assert server_word(within, SAID) == word
    piped = ResponseError(f"Command # 2 (SET vestka:a 1) of pipeline caused error: ({text!r},)")
    assert word in str(writes_refused(piped))


def test_an_error_about_what_we_asked_is_no_refusal() -> None:
    assert writes_refused(_handed_on("WRONGTYPE Operation against a key holding the wrong kind of value")) is None
    assert writes_refused(ValueError("OOM")) is None
