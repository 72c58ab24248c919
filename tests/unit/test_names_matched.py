"""Two names are one person's, another's, or a question: by class of what may differ, and over the labelled pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.names_matched import BY_CLASS, matched, read_pairs
from services.names import (
    NameVerdict,
    fold,
    match_names,
    parts_of_key,
    parts_of_name,
    parts_of_strong,
    strong_key,
    surname_sounds,
)

CASES = [
    ("the given name by a letter of either language", "Мікалай Шастакавец", "Н. Шостаковец", NameVerdict.SAME),
    ("an initial that is a vowel, where the other is known", "Алена Гузава", "Е. Гузова", NameVerdict.SAME),
    ("a letter of the other language", "Николай Дрозд", "М. Дрозд", NameVerdict.SAME),
    ("where both are of one", "Николай Дроздов", "М. Дроздов", NameVerdict.DIFFERENT),
    ("where both are of the other", "Вольга Ліс", "О. Ліс", NameVerdict.DIFFERENT),
    ("another vowel", "Анна Гузова", "О. Гузова", NameVerdict.DIFFERENT),
    ("given names that fold alike", "Анна Гузова", "Инна Гузова", NameVerdict.DIFFERENT),
    ("surnames that fold alike", "Иван Лосев", "Иван Лисов", NameVerdict.DOUBTFUL),
    ("a surname with a letter more", "Andrei Kulinkovich", "Andrei Kulinovich", NameVerdict.DOUBTFUL),
    ("a surname alone", "Анна Гузова", "Гузова", NameVerdict.DOUBTFUL),
    ("one of two surnames", "Анна Гузова-Рог", "Ганна Рог", NameVerdict.SAME),
    ("two patronymics", "Анна Петровна Гузова", "Анна Ивановна Гузова", NameVerdict.DIFFERENT),
    ("the patronymic by its letter", "Анна Петровна Гузова", "А. П. Гузова", NameVerdict.SAME),
    ("another letter", "Анна Петровна Гузова", "А. В. Гузова", NameVerdict.DIFFERENT),
    ("a patronymic does not outweigh a vowel", "Иван Петрович Лосев", "Иван Петрович Лисов", NameVerdict.DOUBTFUL),
    ("nor a letter", "Иван Петрович Кулинкович", "Иван Петрович Кулинович", NameVerdict.DOUBTFUL),
    ("-евич and -ович", "Анна Дашкевич", "Ганна Дашкович", NameVerdict.DOUBTFUL),
    ("the usual one of two surnames", "Анна Гузова-Иванова", "Анна Иванова", NameVerdict.DOUBTFUL),
    ("the other one of two", "Анна Гузова-Иванова", "Анна Гузова", NameVerdict.SAME),
    ("a name that is a form of another", "Яна Лось", "Янина Лось", NameVerdict.DOUBTFUL),
    ("and itself", "Янина Лось", "Яніна Лось", NameVerdict.SAME),
    ("a name that sounds like another but for a glide", "Valeryia Los", "Валерия Лось", NameVerdict.SAME),
    ("in Łacinka without its marks", "Michas Los", "Михаил Лось", NameVerdict.SAME),
    ("a stressed vowel", "Юрий Рак", "Юры Рок", NameVerdict.DOUBTFUL),
    ("one that is spelt with a glide", "Юрий Лях", "Yury Lakh", NameVerdict.SAME),
    ("х and г", "Анна Хацкевич", "Hanna Gatskevich", NameVerdict.DOUBTFUL),
    ("an h that may be either", "Анна Хоревич", "Hanna Horevich", NameVerdict.SAME),
    ("a surname that sounds like a given name", "Алина Лось", "Элина Лось", NameVerdict.DIFFERENT),
    ("-ёвич and -евич", "Анна Василёвич", "Ганна Васілевіч", NameVerdict.SAME),
    ("an initial before a surname of many", "А. Козлов", "Александр Козлов", NameVerdict.DOUBTFUL),
    ("two initials before it", "А. П. Козлов", "А. П. Казлоў", NameVerdict.DOUBTFUL),
    ("a whole name of many", "Александр Козлов", "Аляксандр Казлоў", NameVerdict.SAME),
    ("a man's and a woman's adjective", "А. Ковалевский", "А. Ковалевская", NameVerdict.DIFFERENT),
    ("a short form of both", "Саша Ковалевский", "Саша Ковалевская", NameVerdict.DIFFERENT),
    ("a woman under a man's ending", "Анна Ковалевская", "Anna Kovalevsky", NameVerdict.DOUBTFUL),
    ("a short form", "Коля Лось", "Мікалай Лось", NameVerdict.SAME),
    ("a short form of several", "Саша Лось", "Александр Лось", NameVerdict.DOUBTFUL),
    ("told by the surname", "Саша Гузова", "Александра Гузова", NameVerdict.SAME),
    ("told to be another", "Саша Гузов", "Александра Гузова", NameVerdict.DIFFERENT),
    ("told by the patronymic", "Саша Петрович Лось", "Александр Петрович Лось", NameVerdict.SAME),
    ("two given names in another order", "Роман Адам", "Адам Роман", NameVerdict.DOUBTFUL),
    ("in the same order", "Роман Адам", "Раман Адам", NameVerdict.SAME),
    ("in an order that the patronymic tells", "Адам Роман Ильич", "Роман Ильич Адам", NameVerdict.SAME),
    ("two given names with a hyphen", "Анна-Мария Гузова", "Мария Гузова", NameVerdict.DOUBTFUL),
    ("a man's name that sounds like a woman's", "Valery Los", "Валерия Лось", NameVerdict.DIFFERENT),
    ("patronymics that fold alike", "Пётр Игоревич Лось", "Пётр Егорович Лось", NameVerdict.DIFFERENT),
    ("patronymics of one ending", "Пётр Леонидович Лось", "Пётр Леонтьевич Лось", NameVerdict.DIFFERENT),
    ("father and son", "Пётр Адамович Лось", "Адам Петрович Лось", NameVerdict.DIFFERENT),
    (
        "a patronymic that begins otherwise in the other language",
        "С. Н. Гузов",
        "Сяргей Мікалаевіч Гузаў",
        NameVerdict.SAME,
    ),
    ("a middle initial", "Иван П. Гузов", "Иван Петрович Гузов", NameVerdict.SAME),
    ("a middle initial of another", "Иван И. Гузов", "Иван Петрович Гузов", NameVerdict.DIFFERENT),
    ("a name before marriage", "Ольга Гузова (урождённая Лось)", "Вольга Лось", NameVerdict.SAME),
    ("a surname that is an adjective", "Иван Толстой", "Іван Талсты", NameVerdict.SAME),
    ("a man and a woman", "Александр Гузов", "Александра Гузова", NameVerdict.DIFFERENT),
    ("half of a surname that ends like a patronymic", "Ксения Уласевич-Бобр", "Ксенія Уласевіч", NameVerdict.SAME),
    ("a given name that we do not know", "Вергилий Гузов", "В. Гузов", NameVerdict.SAME),
]


@pytest.mark.parametrize(("watched", "named", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_two_names_are_told_by_what_no_spelling_explains(watched: str, named: str, verdict: NameVerdict) -> None:
    assert match_names(parts_of_name(watched), parts_of_name(named)).verdict is verdict
    assert match_names(parts_of_name(named), parts_of_name(watched)).verdict is verdict


def test_a_match_says_what_agreed_and_no_name() -> None:
    match = match_names(parts_of_name("Анна Петровна Гузова"), parts_of_name("Ганна Пятроўна Гузава"))
    assert match.agreed == ("surname", "given name", "patronymic")
    assert match.score == 1.0
    assert repr(parts_of_name("Анна Гузова")) == "(NameParts(),)"


def test_nine_in_ten_of_the_labelled_pairs_alert_and_hardly_one_falsely() -> None:
    pairs = [pair for pair in read_pairs() if pair.half == "tuned"]
    found = matched(pairs)
    assert len(read_pairs()) >= 300
    assert found.recall >= 0.95, found.counts
    assert found.precision >= 0.98, found.counts


def test_of_the_pairs_by_class_no_other_person_alerts() -> None:
    found = matched(pair for pair in read_pairs(BY_CLASS) if pair.half == "tuned")
    assert found.recall >= 0.95, found.counts
    assert found.precision >= 0.98, found.counts


def test_pairs_that_are_more_than_different_are_found_by_the_sound_of_a_surname() -> None:
    for pair in (*read_pairs(), *read_pairs(BY_CLASS)):
        a, b = pair.watched.name, pair.named.name
        if match_names(parts_of_name(a), parts_of_name(b)).verdict is not NameVerdict.DIFFERENT:
            assert surname_sounds(fold(a)) & surname_sounds(fold(b)), "it would never be looked at"


NAMES = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Zs"), whitelist_characters="-.'"), max_size=40)


@given(NAMES, NAMES)
def test_any_two_texts_are_compared_either_way_round_alike(a: str, b: str) -> None:
    one, other = parts_of_name(a), parts_of_name(b)
    assert match_names(one, other).score == match_names(other, one).score
    assert 0 <= match_names(one, other).score <= 1
    parts_of_key(fold(a))


@given(NAMES)
def test_what_is_kept_of_a_name_reads_as_the_name(name: str) -> None:
    if fold(name):
        assert parts_of_strong(strong_key(name)) == parts_of_name(name)
