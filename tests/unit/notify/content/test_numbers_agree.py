"""Words agree with the number beside them, in each language: 1, 2, 5, 11, 21, 101 and what stands after "almost"."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.contract import Change, Event, Kind, Precision
from services.notify.content.alerts.changes import change_sentences
from tests.told_events import RENDERER, VIASNA, alert, told

_ONE_OF = {
    "ru": {
        "pardoned": "помилованного", "released": "освобождённого", "exchanged": "освобождённого при обмене",
        "taken abroad": "вывезенного за границу",
    },
    "be": {
        "pardoned": "памілаванага", "released": "вызваленага", "exchanged": "вызваленага пры абмене",
        "taken abroad": "вывезенага за мяжу",
    },
}  # fmt: skip
_SEVERAL_OF = {
    "ru": {
        "pardoned": "помилованных", "released": "освобождённых", "exchanged": "освобождённых при обмене",
        "taken abroad": "вывезенных за границу",
    },
    "be": {
        "pardoned": "памілаваных", "released": "вызваленых", "exchanged": "вызваленых пры абмене",
        "taken abroad": "вывезеных за мяжу",
    },
}  # fmt: skip
_WORDS = {
    ("ru", "women"): ("женщина", "женщины"),
    ("ru", "men"): ("мужчина", "мужчины"),
    ("ru", "pensioners"): ("пенсионер", "пенсионеры"),
    ("be", "women"): ("жанчына", "жанчыны"),
    ("be", "men"): ("мужчына", "мужчыны"),
    ("be", "pensioners"): ("пенсіянер", "пенсіянеры"),
}


def share(act: str, total: int, field: str, value: int) -> Event:
    facts: dict[str, Any] = {"pardoned": total, "act": act, field: value}
    made = told(VIASNA, changes=(Change(field=field, before=None, after=value, said_by=VIASNA),), **facts)
    return replace(made, data=replace(made.data, headline_facts=replace(made.data.headline_facts, act=act)))


@pytest.mark.parametrize("total", [21, 31, 101, 1021, 2, 5, 11, 22, 111])
@pytest.mark.parametrize("act", _ONE_OF["ru"])
@pytest.mark.parametrize("language", _ONE_OF)
def test_of_how_many_it_is_a_share(language: str, act: str, total: int) -> None:
    ends_in_one = total % 10 == 1 and total % 100 != 11
    (sentence,) = change_sentences(share(act, total, "women", 2), RENDERER.words[language])
    wanted = _ONE_OF if ends_in_one else _SEVERAL_OF
    assert f"{RENDERER.words[language].number(total)} {wanted[language][act]} — " in sentence


@pytest.mark.parametrize("value", [1, 2, 5, 11, 21, 101])
@pytest.mark.parametrize(("language", "field"), _WORDS)
def test_only_one_is_told_of_as_of_one(language: str, field: str, value: int) -> None:
    one, several = _WORDS[language, field]
    (sentence,) = change_sentences(share("pardoned", 200, field, value), RENDERER.words[language])
    assert f" — {one if value == 1 else several} (" in sentence


@pytest.mark.parametrize(
    ("number", "subject"),
    [
        (21, "Почти 21 человек задержан"),
        (101, "Почти 101 человек задержан"),
        (3, "Почти 3 человека задержаны"),
        (20, "Почти 20 человек задержаны"),
    ],
)
def test_after_almost_the_verb_agrees_as_without_it(number: int, subject: str) -> None:
    made = told(VIASNA, Kind.ARREST, detained=number)
    claims = tuple(replace(one, precision=Precision.ALMOST) for one in made.data.claims)
    made = replace(made, data=replace(made.data, claims=claims))
    assert alert(made, "ru").subject == subject
    update = replace(made, data=replace(made.data, changes=(Change(field="detained", before=None, after=number),)))
    (sentence,) = change_sentences(update, RENDERER.words["ru"])
    assert sentence.startswith(f"{subject.split()[-1].capitalize()} почти {number} ")


@pytest.mark.parametrize("number", [21, 20])
@pytest.mark.parametrize("precision", [Precision.ABOUT, Precision.AT_LEAST, Precision.OVER])
def test_after_a_word_that_wants_the_genitive_it_is_neuter(precision: Precision, number: int) -> None:
    made = told(VIASNA, Kind.ARREST, detained=number)
    claims = tuple(replace(one, precision=precision) for one in made.data.claims)
    assert alert(replace(made, data=replace(made.data, claims=claims)), "ru").subject.endswith("задержано")
