"""Sentences keep their place in the text."""

from __future__ import annotations

from services.ingest.extraction.sentences.passages import plain, sentences


def test_every_sentence_stands_where_it_says() -> None:
    text = "Першы сказ. Second one — “quoted”.\n\nТретье предложение!  Last"
    for sentence in sentences(text):
        assert plain(text[sentence.start : sentence.start + len(sentence.plain)]) == sentence.plain


def test_sentences_know_their_paragraph() -> None:
    assert [sentence.paragraph for sentence in sentences("One. Two.\n\nThree.")] == [0, 0, 1]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert len(sentences("По ст. 342 УК задержан А. Новиков. Точка.")) == 2
    assert len(sentences("On Sept. 16 the U.S. Embassy spoke.")) == 1


def test_plain_text_is_as_long_as_the_text() -> None:
    text = "«Вясна»\u00a0— 1\u202f250 ’’ ё \ue100"
    assert len(plain(text)) == len(text)
    assert "\ue100" not in plain(text)


def test_an_endless_sentence_is_cut() -> None:
    assert max(len(sentence.plain) for sentence in sentences("слова " * 3000)) <= 1500


def test_the_items_of_a_list_are_of_one_paragraph_with_its_head() -> None:
    text = "Pardoned, says the office:\n- 11 women\n• 9 men\nOther news."
    assert [sentence.paragraph for sentence in sentences(text)] == [0, 0, 0, 1]
