"""What became of those whom an act touched: out or inside, where they went, where they are held. By class of words."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.contract import Facts
from services.ingest.extraction import extract
from services.ingest.extraction.verbs.of_language import verbs_of

PARDONED = {
    "en": "Lukashenko has pardoned 52 prisoners in Belarus, his press service reports.",
    "ru": "Лукашенко помиловал 52 заключенных в Беларуси, сообщает его пресс-служба.",
    "be": "Лукашэнка памілаваў 52 зняволеных у Беларусі, паведамляе яго прэс-служба.",
}
ONE_TAKEN = {
    "en": "Police detained the activist Ivan Kavalchuk in Hrodna on Friday.",
    "ru": "Милиция задержала в Гродно активиста Ивана Ковальчука.",
    "be": "Міліцыя затрымала ў Гродне актывіста Івана Кавальчука.",
}
THREE_TAKEN = {
    "en": "Police detained three journalists in Hrodna on Friday.",
    "ru": "Милиция задержала в Гродно трех журналистов.",
    "be": "Міліцыя затрымала ў Гродне трох журналістаў.",
}


def facts(opening: dict[str, str], language: str, *sentences: str) -> Facts:
    found = extract(" ".join((opening[language], *sentences)), language=language, published=date(2025, 9, 12))
    return found.facts


def forms(language: str, word: str, ending: tuple[str, ...]) -> list[str]:
    """The generated forms of a class of verbs that end so."""
    return [form for form in verbs_of(language)[word].split("|") if form.endswith(ending) and "(" not in form]


SAID: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("said_of_them.yaml").read_text(encoding="utf-8"))


def said(name: str) -> list[tuple[str, str]]:
    return [(language, sentence) for language, sentences in SAID[name].items() for sentence in sentences]


def named(name: str) -> list[tuple[str, str, str]]:
    """Each language, the sentence with what is named in it, and what that comes to."""
    return [
        (language, told["said"].format(written), meant)
        for language, told in SAID[name].items()
        for written, meant in told["names"].items()
    ]


@pytest.mark.parametrize(("language", "sentence"), said("left"))
def test_whoever_is_said_to_be_out_has_left_prison(language: str, sentence: str) -> None:
    assert facts(PARDONED, language, sentence).left_prison is True


@pytest.mark.parametrize(("language", "sentence"), said("inside"))
def test_whoever_is_pardoned_and_still_inside_has_not_left(language: str, sentence: str) -> None:
    assert facts(PARDONED, language, sentence).left_prison is False


@pytest.mark.parametrize(("language", "sentence"), said("not_said"))
def test_what_may_come_what_some_did_and_what_others_did_says_nothing_of_them(language: str, sentence: str) -> None:
    assert facts(PARDONED, language, sentence).left_prison is None


@pytest.mark.parametrize(("language", "sentence", "code"), named("countries"))
def test_a_country_or_its_town_is_told_by_its_code(language: str, sentence: str, code: str) -> None:
    told = facts(PARDONED, language, sentence)
    assert (told.went_to, told.left_prison) == (code, True)


MOVED = [
    *(("en", f"All of them were {verb} to Lithuania.") for verb in forms("en", "move_done", ("",))),
    *(("ru", f"Их всех {verb} в Литву.") for verb in forms("ru", "move_did", ("ли",))),
    *(("ru", f"Все они {verb} в Литву.") for verb in forms("ru", "move_done", ("ны",))),
    *(("ru", f"Все они {verb} в Литву.") for verb in forms("ru", "come_did", ("ли", "лись"))),
    *(("be", f"Іх усіх {verb} у Літву.") for verb in forms("be", "move_did", ("лі",))),
    *(("be", f"Усе яны {verb} у Літву.") for verb in forms("be", "move_done", ("ныя",))),
    *(("be", f"Усе яны {verb} у Літву.") for verb in forms("be", "come_did", ("лі",))),
]


@pytest.mark.parametrize(("language", "sentence"), MOVED)
def test_every_verb_of_moving_takes_them_abroad(language: str, sentence: str) -> None:
    assert facts(PARDONED, language, sentence).went_to == "LT"


@pytest.mark.parametrize(("language", "sentence"), said("not_abroad"))
def test_where_some_or_others_went_or_may_go_is_not_where_they_went(language: str, sentence: str) -> None:
    assert facts(PARDONED, language, sentence).went_to is None


@pytest.mark.parametrize(("language", "sentence"), said("home"))
def test_home_is_a_place_to_go_to(language: str, sentence: str) -> None:
    told = facts(PARDONED, language, sentence)
    assert (told.went_to, told.left_prison) == ("home", True)


@pytest.mark.parametrize(("language", "sentence", "name"), named("sites"))
def test_a_place_of_detention_is_told_by_its_one_name(language: str, sentence: str, name: str) -> None:
    told = facts(ONE_TAKEN, language, sentence)
    which = name not in ("IVS", "SIZO", "CIP")
    assert (told.where_held, told.whereabouts_known) == (name, True if which else None)


SITTING = (*forms("ru", "hold_done", ("ны", "ты")), *forms("ru", "sit_did", ("тся", "дят")))
HELD = [
    *(("en", f"They were {verb} {at} SIZO-1.") for verb, at in product(forms("en", "hold_done", ("",)), ("to", "in"))),
    *(("ru", f"Их {verb} в СИЗО-1.") for verb in forms("ru", "hold_did", ("ли", "ат", "ят", "ют"))),
    *(("ru", f"Они {verb} в СИЗО-1.") for verb in SITTING),
    *(("be", f"Іх {verb} у СІЗА-1.") for verb in forms("be", "hold_did", ("лі",))),
    *(("be", f"Яны {verb} у СІЗА-1.") for verb in forms("be", "hold_done", ("ныя", "тыя"))),
]


@pytest.mark.parametrize(("language", "sentence"), HELD)
def test_every_verb_of_holding_says_where_they_are(language: str, sentence: str) -> None:
    assert facts(THREE_TAKEN, language, sentence).where_held == "SIZO-1"


@pytest.mark.parametrize(("language", "sentence"), said("not_held"))
def test_where_others_or_some_are_held_is_not_where_they_are(language: str, sentence: str) -> None:
    told = facts(THREE_TAKEN, language, sentence)
    assert (told.where_held, told.whereabouts_known) == (None, None)


@pytest.mark.parametrize(("language", "sentence"), said("lost"))
def test_whereabouts_that_nobody_knows_are_told_so(language: str, sentence: str) -> None:
    assert facts(ONE_TAKEN, language, sentence).whereabouts_known is False


@pytest.mark.parametrize(("language", "sentence"), said("lost_others"))
def test_whereabouts_of_somebody_else_say_nothing_of_them(language: str, sentence: str) -> None:
    assert facts(ONE_TAKEN, language, sentence).whereabouts_known is None


@pytest.mark.parametrize(("name", "out"), [("let_go", True), ("kept", False), ("neither", None)])
def test_whoever_was_taken_and_let_go_is_out(name: str, out: bool | None) -> None:
    for language, sentence in said(name):
        assert facts(ONE_TAKEN, language, sentence).left_prison is out, sentence


@pytest.mark.parametrize(
    ("language", "text", "out"),
    [
        ("en", "Belarus released 52 political prisoners on Thursday.", True),
        ("en", "Belarus agreed to the release of 52 political prisoners, and a decree was signed.", None),
        ("ru", "В Беларуси освободили 52 политзаключенных.", True),
        ("be", "У Беларусі вызвалілі 52 палітвязняў.", True),
    ],
)
def test_a_release_told_without_a_pardon_is_one(language: str, text: str, out: bool | None) -> None:
    assert extract(text, language=language, published=date(2025, 9, 12)).facts.left_prison is out


@pytest.mark.parametrize(
    ("language", "sentences", "held"),
    [
        ("en", ("He was taken to a temporary detention facility.", "Then he was moved to SIZO-1."), "SIZO-1"),
        ("ru", ("Его отвезли в ИВС.", "Позже его перевели в СИЗО-1."), "SIZO-1"),
        ("be", ("Яго адвезлі ў ІЧУ.", "Потым яго перавялі ў СІЗА-1."), "SIZO-1"),
        ("en", ("He was taken to SIZO-1.", "He is held in SIZO-7."), None),
        ("ru", ("Его отвезли в ИВС, а потом в СИЗО-1.",), None),
        ("be", ("Яго павезлі ў ІЧУ, а потым у СІЗА-1.",), None),
    ],
)
def test_of_several_places_the_one_they_were_moved_to_is_where_they_are(
    language: str, sentences: tuple[str, ...], held: str | None
) -> None:
    assert facts(ONE_TAKEN, language, *sentences).where_held == held
