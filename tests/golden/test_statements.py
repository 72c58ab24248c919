"""Each statement that a reader gets of an article stands on a list made by hand, in each language, on every channel.

`may_be_said.yaml` has for each of `articles.py` what may be said of it: whole lines, read word by word beside the
article. A line that is not there is a statement that nobody looked at; one that is there and not said is one lost.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.golden.articles import ARTICLES, event_from
from tests.letters import LANGUAGES, renderer_at

LIST = Path(__file__).parent / "may_be_said.yaml"


def said_of(name: str, language: str) -> list[str]:
    """The lines of the plain message, before its footer; addresses left out."""
    parts = renderer_at("").render(
        event_from(name), channel="telegram", parts=("plain",), language=language, mode="plain"
    )
    told = parts.parts["plain"].split("* * *")[0].splitlines()
    return [line.strip().removeprefix("- ") for line in told if line.strip() and "://" not in line]


def allowed() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", ARTICLES)
def test_the_message_says_what_the_list_says_and_nothing_else(name: str) -> None:
    listed = allowed()[name]
    assert listed.keys() == set(LANGUAGES), "a language more needs its list"
    for language, lines in listed.items():
        assert said_of(name, language) == lines


@pytest.mark.parametrize("name", ARTICLES)
def test_a_letter_and_a_chat_say_nothing_more_than_the_list(name: str) -> None:
    for language, lines in allowed()[name].items():
        whole = _plain(" ".join([*lines, _frame(language), *_drawn(name, language)]))
        for channel, part in (("email", "html"), ("telegram", "html")):
            rendered = renderer_at("").render(
                event_from(name), channel=channel, parts=(part,), language=language, mode="plain"
            )
            before_footer = rendered.parts[part].partition(_footer(language))[0]
            for text in _texts(before_footer):
                assert _plain(text) in whole, f"{channel}, {language}: {text!r} stands on no list"


def _drawn(name: str, language: str) -> list[str]:
    """What a letter shows of the acts before, from the file of known acts: no article says it."""
    acts = renderer_at("").alert(event_from(name), language).acts
    return [] if acts is None else [acts.key, acts.by, *(" ".join([one.day, one.year]) for one in acts.columns)] + [
        text for one in acts.columns for text in (one.number, one.day, one.year)
    ]  # fmt: skip


def _texts(markup: str) -> list[str]:
    body = re.sub(r"(?s)<(style|title|head)\b.*?</\1>|<!--.*?-->", " ", markup)
    body = re.sub(r'(?s)<div class="hidden".*?</div>', " ", body)
    words = (html.unescape(text) for text in re.split(r"<[^>]+>|\n", body))
    return [text for text in words if re.search(r"\w", text) and "://" not in text and "{" not in text]


def _plain(text: str) -> str:
    """Letters and digits alone: marks between label and value differ by channel."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _frame(language: str) -> str:
    return " ".join(_leaves({key: _phrases(language)[key] for key in ("sections", "wider", "picture")}))


def _footer(language: str) -> str:
    """Its first words: what follows is of the list and not of the article."""
    return html.escape(str(_phrases(language)["footer"]["why"]), quote=False)


def _phrases(language: str) -> dict[str, Any]:
    file = Path(__file__).parents[2] / "templates" / "languages" / f"{language}.yaml"
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["phrases"]
    return found


def _leaves(node: Any) -> list[str]:
    return [leaf for inner in node.values() for leaf in _leaves(inner)] if isinstance(node, dict) else [str(node)]


def test_the_list_is_of_these_articles() -> None:
    if os.environ.get("VESTKA_STATEMENTS") == "write":  # and then read word by word beside the articles
        made = {name: {code: said_of(name, code) for code in LANGUAGES} for name in ARTICLES}
        LIST.write_text(yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    assert allowed().keys() == ARTICLES.keys()
