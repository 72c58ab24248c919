"""Telling the languages apart: no text of another language is taken for one of ours."""

from __future__ import annotations

import pytest

from services.ingest.extraction import detect_language, extract
from services.ingest.extraction.language import language_of

OURS = [
    ("en", "The president has pardoned 20 people, it was announced on Saturday."),
    ("en", "Belarus frees 14 political prisoners"),
    ("en", "Belarus frees ten prisoners, including Ryhor Kastusioŭ and Mikoła Statkievič, who were jailed in 2021."),
    ("ru", "Президент помиловал двадцать человек, сообщила пресс-служба."),
    ("ru", "Статкевич сказал: «Я застаюся ў Беларусі». Больше ничего о его судьбе не известно, сообщают журналисты."),
    ("ru", "Задержан политик."),
    ("be", "Прэзідэнт памілаваў дваццаць чалавек, паведаміла прэс-служба."),
    ("be", "У Менску затрымалі сьветлага чалавека, і пляны сям'і зьмяніліся."),
    ("be", "Іх затрымалі https://news.example/very/long/address"),
    ("be", "Prezident pamiłavaŭ dvaccać čałaviek, paviedamiła jaho prad-słužba."),
]
OTHERS = [
    ("uk", "Президент помилував двадцять людей, її та його родичі чекають."),
    ("uk", "У Мінську затримали журналіста."),
    ("bg", "Президентът помилва двадесет души, съобщи неговата служба в неделя."),
    ("mk", "Претседателот помилува дваесет лица, соопшти неговата служба."),
    ("sr", "Председник је помиловао двадесет људи, саопштила је његова служба."),
    ("pl", "Prezydent ułaskawił dwadzieścia osób, poinformowała służba prasowa."),
    ("lt", "Prezidentas suteikė malonę dvidešimčiai žmonių, pranešė jo tarnyba."),
    ("lv", "Prezidents apžēloja divdesmit cilvēkus, paziņoja viņa birojs."),
    ("de", "Der Präsident hat zwanzig Menschen begnadigt, teilte der Pressedienst mit."),
    ("fr", "Le président a gracié vingt personnes, selon son service de presse."),
    ("es", "El presidente indultó a veinte personas, según su servicio de prensa."),
    ("it", "Il presidente ha graziato venti persone, secondo il suo ufficio stampa."),
    ("pt", "O presidente perdoou vinte pessoas, segundo o seu serviço de imprensa."),
    ("nl", "De president heeft twintig gevangenen gratie verleend."),
    ("sv", "Presidenten har benådat tjugo personer, enligt hans presstjänst."),
    ("cs", "Prezident omilostnil dvacet lidí, uvedla jeho tisková služba."),
    ("fi", "Presidentti armahti kaksikymmentä ihmistä, hänen toimistonsa kertoi."),
    ("tr", "Cumhurbaşkanı yirmi kişiyi affetti, ofisi bunu dün açıkladı."),
    ("ka", "პრეზიდენტმა ოცი ადამიანი შეიწყალა."),
    ("ja", "大統領は二十人を恩赦した"),
]
NOTHING = ["", "12345 !!!", "\u202e\u200b", "https://news.example/the/of/and", "赦免二十人", "Xyzzy"]


@pytest.mark.parametrize(("language", "text"), [*OURS, *OTHERS])
def test_a_language_is_told_by_its_letters_and_words(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", NOTHING)
def test_where_nothing_tells_the_language_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


@pytest.mark.parametrize(
    ("given", "language"), [("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("de", "de"), (None, "en"), ("", "en")]
)
def test_who_gives_a_text_says_its_language(given: str | None, language: str) -> None:
    assert language_of("The president has pardoned 20 people.", given) == language


@pytest.mark.parametrize(
    ("given", "text", "language"),
    [
        ("en", "Президент помиловал двадцать человек, сообщила пресс-служба.", "ru"),
        ("ru", "The president has pardoned 20 people, it was announced on Saturday.", "en"),
        ("be", "Prezident pamiłavaŭ dvaccać čałaviek, paviedamiła jaho prad-słužba.", "be"),
        ("ru", "ОМОН", "ru"),
        ("en", "20", "en"),
    ],
)
def test_a_script_that_is_plainly_another_is_stronger_than_what_was_said(given: str, text: str, language: str) -> None:
    assert language_of(text, given) == language


def test_an_extraction_says_in_which_language_the_text_was_read() -> None:
    assert extract("Prezydent ułaskawił dwadzieścia osób, poinformowała służba prasowa.").language == "pl"
