"""Folds a personal name to a skeleton by which its Belarusian, Russian, Łacinka and English spellings meet.

The rules are measured ones: one Latin skeleton, h = g = kh, ŭ = v = w, ts = t, dz = d, every run of vowels one letter,
doubled letters single, given names by a table, tokens sorted. A skeleton is no identity, since namesakes share it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from rapidfuzz import fuzz

_MAX_LENGTH: Final = 300
"""Code points read of a name; no person's is longer, and a hostile one must not cost us time."""

_LETTERS: Final = {
    **dict(zip("абвгґдезиійклмнопрстуўфхцчшыэ", "abvhhdeziiyklmnoprstuvfhtčšye", strict=True)),
    "ё": "yo",
    "ж": "ž",
    "щ": "šč",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "ї": "yi",
    "ь": "",
    "ъ": "",
    "č": "č",
    "š": "š",
    "ž": "ž",
    "ż": "ž",
    "ŭ": "v",
    "ł": "l",
    "w": "v",
}

_LOOKALIKES: Final = dict(zip("асеорхуіјкмнтвАСЕОРХІЈКМНТВ", "aceopxyijkmhtbACEOPXIJKMHTB", strict=True))
"""Cyrillic letters and the Latin ones they are mistaken for, in names that mix the two."""

_LACINKA_MARKS: Final = frozenset("ŭłśćźń")

_DIGRAPHS: Final = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        ("shch|szcz|šč", "šč"),
        ("tsch|tch|cz|ch", "č"),
        ("sch|sh|sz", "š"),
        ("zh", "ž"),
        ("kh", "h"),
        ("ts|tz|c", "t"),
        ("dz", "d"),
        ("th", "t"),
        ("ph", "f"),
        ("x", "ks"),
        ("q", "k"),
        ("g", "h"),
        ("(?<=[aeo])u(?=[^aeiouy]|$)", "v"),  # Kastusiou, Tsikhanouski: English for ў
        ("(?<=vi)t$", "č"),  # Stefanovic: -vič with its mark lost
        ("[aeiouyj]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)

_GIVEN_NAMES: Final = (
    "Aliaksandr Alexander Aleksandr Alyaksandr Aliaksander Alaksandr Alyaksander Александр Аляксандр Alaksandar "
    "Ales Алесь Aleś Alies Alex",
    "Uladzimir Uladzimer Vladimir Владимир Уладзімір Volodymyr Wladimir",
    "Mikalai Mikola Nikolai Николай Мікалай Мікола Mykola",
    "Siarhei Sergei Serhiy Сергей Сяргей Sergej Serge",
    "Dzmitry Dmitry Dmitri Zmitser Дмитрий Дзмітрый Зміцер Zmicier Dzmitryj",
    "Volha Olga Вольга Ольга Olha",
    "Ryhor Grigory Grigori Рыгор Григорий Hryhoriy",
    "Yauhen Evgeny Yevgeny Eugene Яўген Евгений Jaŭhien Yevgeniy",
    "Maksim Maxim Максім Максим Maksym",
    "Andrei Andrzej Анджей Андрэй Андрей Andriy",
    "Uladzislau Vladislav Владислав Уладзіслаў",
    "Tatsiana Tatiana Tatyana Таццяна Татьяна",
    "Hanna Anna Ганна Анна",
    "Pavel Paval Павел Pavlo Павал",
    "Mikhail Michail Mikhal Михаил Міхаіл Міхась Mikhas",
    "Katsiaryna Ekaterina Yekaterina Катерина Екатерина Кацярына Katerina",
    "Nasta Nastya Anastasia Anastasiya Anastasija Наста Настя Анастасия Анастасія",
    "Palina Polina Паліна Полина",
    "Aksana Oksana Аксана Оксана",
    "Ihar Igor Ігар Игорь",
    "Henadz Gennady Gennadi Генадзь Геннадий",
    "Vasil Vasily Василий Васіль",
    "Anatol Anatoly Анатоль Анатолий",
    "Kanstantsin Konstantin Канстанцін Константин",
    "Aliaksei Alexey Aleksei Аляксей Алексей",
    "Siamion Semyon Сямён Семён",
    "Yury Yuri Iury Юрый Юрий",
    "Viachaslau Vyacheslav Вячаслаў Вячеслав",
    "Stanislau Stanislav Станіслаў Станислав",
    "Valery Valeriy Валерый Валерий",
    "Arkadz Arkady Аркадзь Аркадий",
    "Ksenia Kseniya Xenia Ксенія Ксения",
    "Alena Olena Elena Yelena Алена Елена Helena",
    "Natallia Natalia Natalya Наталля Наталья",
)
"""One given name a row, in the spellings that the folding of letters does not bring together by itself."""


def fold(name: str) -> str:
    """The skeleton of a name: lower-case Latin tokens, sorted, one space between; "" where nothing is left.

    Deterministic, never raises; reads at most 300 code points.
    """
    tokens = (_token(token) for token in _tokens(name))
    given = _given_names()
    return " ".join(sorted(given.get(token, token) for token in tokens if token))


def similarity(a_key: str, b_key: str) -> float:
    """How alike two folded names are, 0 to 100. Above 93 with a second key they are one; from 85 a person decides."""
    return float(fuzz.ratio(a_key, b_key))


def fold_token(word: str) -> str:
    """One word of a name, folded, without the table of given names."""
    return "".join(_token(token) for token in _tokens(word))


@cache
def _given_names() -> dict[str, str]:
    return {_token(name.lower()): _token(row.split()[0].lower()) for row in _GIVEN_NAMES for name in row.split()}


def _tokens(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name[:_MAX_LENGTH])
    return [one_script(token).lower() for token in re.findall(r"[^\W\d_]+", re.sub(r"['’ʼ`´]", "", plain))]


def one_script(token: str) -> str:
    """Repairs one word that mixes Latin and Cyrillic: the script with more letters of its own takes the rest over."""
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in token)
    if not 0 < cyrillic < len(token):
        return token
    to_latin = cyrillic * 2 <= len(token)
    table = _LOOKALIKES if to_latin else {latin: letter for letter, latin in _LOOKALIKES.items()}
    return "".join(table.get(letter, letter) for letter in token)


def _token(token: str) -> str:
    skeleton = _latin(token)
    for digraph, letter in _DIGRAPHS:
        skeleton = digraph.sub(letter, skeleton)
    return skeleton


def _latin(token: str) -> str:
    """Lower-case token in any of our alphabets → Latin letters; č, š and ž are kept, other marks dropped."""
    if _LACINKA_MARKS & set(token):
        token = token.replace("ch", "h")
    return "".join(_LETTERS[letter] if letter in _LETTERS else _unmarked(letter) for letter in token)


def _unmarked(letter: str) -> str:
    """é → e; a letter of an alphabet we do not know stays itself, so that two such names do not meet as one."""
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
