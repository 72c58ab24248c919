"""Telling the languages apart."""

from __future__ import annotations

import pytest

from services.ingest.extraction import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The president has pardoned 20 people, it was announced on Saturday."),
        ("ru", "Президент помиловал двадцать человек, сообщила пресс-служба."),
        ("be", "Прэзідэнт памілаваў дваццаць чалавек, паведаміла прэс-служба."),
        (
            "ru",
            "Статкевич сказал: «Я застаюся ў Беларусі». Больше ничего о его судьбе не известно, сообщают журналисты.",
        ),
        ("be", "Іх затрымалі https://news.example/very/long/address"),
        ("und", "Президент помилував двадцять людей, її та його родичі чекають."),
        ("be", "Prezident pamiłavaŭ dvaccać čałaviek, paviedamiła jaho prad-słužba."),
        ("und", "Prezydent ułaskawił dwadzieścia osób, poinformowała służba prasowa."),
        ("und", "Der Präsident hat zwanzig Menschen begnadigt, teilte der Pressedienst mit."),
        ("und", ""),
        ("und", "12345 !!!"),
        ("und", "大統領は二十人を恩赦した"),
    ],
)
def test_a_language_is_ours_or_undetermined(language: str, text: str) -> None:
    assert detect_language(text) == language
