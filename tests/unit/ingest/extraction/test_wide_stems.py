"""Stems are looked for at the words that begin like one, and what is found is what a search for all of them finds."""

from __future__ import annotations

import pytest

from services.ingest.extraction.wide_stems import any_of

_STEMS = {
    "en": ["anniversar", "years ago", "on this day", "re-arrest"],
    "ru": ["годовщин", "в этот день", "прошло … года", "ещё раз"],
    "be": ["гадавін", "у гэты дзень", "зноў"],
}


@pytest.mark.parametrize(
    "text",
    [
        "Anniversaries of the protest were marked in Brest.",
        "It was twenty years ago, ON THIS DAY, that the theatre opened.",
        "Police re-arrested him.",
        "Прошло почти три года, и годовщину отметили ещё раз.",
        "В этот  день в Бресте открыли театр.",
        "У Брэсце адзначылі гадавіну, і зноў без музыкі.",
        "Послегодовщинный концерт и внешний вид; взноўлены спектакль.",
        "",
    ],
)
def test_the_look_at_words_finds_what_a_search_for_all_finds(text: str) -> None:
    stems = any_of(_STEMS)
    plain = text.replace("ё", "е")
    found, of_all = stems.search(plain), stems.pattern.search(plain)
    assert (found and found.span()) == (of_all and of_all.span())
    assert not stems.anywhere


def test_a_stem_that_may_stand_within_a_word_is_searched_for_everywhere() -> None:
    stems = any_of({"xx": ["-mitte"]})
    assert stems.anywhere
    assert stems.search("Kommittee") is not None


def test_a_stem_of_two_letters_is_found_at_longer_words() -> None:
    assert any_of({"xx": ["ab"]}).search("an abbey") is not None
