"""How visible somebody wants it: every way to fill the form in is one of those that there are, or a problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.signup.cover_form import CoverForm, cover_form_of, read_cover
from services.subscribers.habits import code_word_of
from services.subscribers.signups import Choices, chosen
from services.subscribers.subscriber import Subscriber

CHOICES = Choices("en", "discreet", True, ())
NOBODY = Subscriber(number=1, since="2024-12-28T09:14:03Z")


def fields(**given: str) -> dict[str, tuple[str, ...]]:
    return {name: (value,) for name, value in given.items()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (fields(cover="fold", code_word=""), ("fold", None, False)),
        (fields(cover="fold"), ("fold", None, False)),
        (fields(cover="code_word", code_word=" ripe  plums "), ("code_word", "ripe plums", False)),
        (fields(cover="fold", code_word="слівы", silent="yes"), ("fold", "слівы", True)),
        (fields(cover="code_word", code_word="и\u0306од"), ("code_word", "йод", False)),
        ({}, ("fold", None, False)),
    ],
)
def test_what_was_chosen_is_kept_and_shown_again(
    typed: dict[str, tuple[str, ...]], kept: tuple[str, str | None, bool]
) -> None:
    read = read_cover(typed)
    assert not read.problems
    choices = read.onto(CHOICES)
    assert (choices.cover, choices.code_word, choices.silent) == kept
    assert cover_form_of(chosen(NOBODY, choices)) == CoverForm(kept[0], kept[1] or "", kept[2])


@pytest.mark.parametrize("word", ["", "  ", "<b>", "a\tb\x00", "x" * 41, "a@b.cd", "{{ word }}", "\u202eplums", "💐"])
def test_a_letter_of_nothing_but_a_word_needs_one_that_can_stand_there(word: str) -> None:
    read = read_cover(fields(cover="code_word", code_word=word))
    assert [(one.field, one.slug) for one in read.problems] == [("code_word", "code_word")]


@pytest.mark.parametrize(
    "typed",
    [{"cover": ("fold", "code_word")}, fields(cover="nothing"), fields(cover="fold", silent="no"), {"cover": ()}],
)
def test_what_no_form_of_ours_sends_changes_nothing(typed: dict[str, tuple[str, ...]]) -> None:
    assert [one.slug for one in read_cover(typed).problems] == ["form"]


def test_a_page_that_does_not_ask_leaves_what_there_is() -> None:
    known = CoverForm("code_word", "plums", silent=True)
    read = read_cover({"silent": ("yes",)}, known)
    assert (read.form, read.problems) == (known, ())
    assert read.onto(CHOICES).code_word == "plums"


@given(st.dictionaries(st.sampled_from(["cover", "code_word", "silent"]), st.lists(st.text(max_size=60)).map(tuple)))
def test_whatever_is_sent_is_read_or_refused(typed: dict[str, tuple[str, ...]]) -> None:
    read = read_cover({name: values for name, values in typed.items() if values or name == "cover"})
    if not read.problems:
        kept = read.onto(CHOICES)
        assert kept.cover == "fold" or kept.code_word == code_word_of(kept.code_word or "")
    assert len(read.form.code_word) <= 100
