"""However a text puts a part beside its whole, the act touched the whole: by language, act and way of putting it."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from services.contract import Kind
from services.fact_table import ACTS
from services.ingest.extraction import extract

PARDONED: Final = {
    "en": (
        "Lukashenko pardoned {whole} people. {part} of the {whole} are foreigners.",
        "Lukashenko pardoned {whole} people, {part} of them women.",
        "{whole} people, {part} of them women, were pardoned by Lukashenko.",
        "Lukashenko pardoned {whole} prisoners, including {part} foreigners.",
        "Lukashenko pardoned {whole} prisoners, among them {part} women.",
        "Lukashenko signed a decree on pardons. Of the {whole} released, {part} are women.",
        "A decree on pardons has been signed in Belarus. {part} of {whole} pardoned are foreigners.",
    ),
    "ru": (
        "Лукашенко помиловал {whole} человек. {part} из {whole} - иностранцы.",
        "Лукашенко помиловал {whole} человек, из них {part} - женщины.",
        "Лукашенко помиловал {whole} человек, {part} из них - женщины.",
        "Лукашенко помиловал {whole} заключенных, в том числе {part} иностранцев.",
        "Лукашенко подписал указ о помиловании. Из {whole} освобожденных {part} - женщины.",
        "Лукашенко подписал указ о помиловании. {part} из {whole} помилованных - иностранцы.",
    ),
    "be": (
        "Лукашэнка памілаваў {whole} чалавек. {part} з {whole} - замежнікі.",
        "Лукашэнка памілаваў {whole} чалавек, з іх {part} - жанчыны.",
        "Лукашэнка памілаваў {whole} чалавек, {part} з іх - жанчыны.",
        "Лукашэнка памілаваў {whole} вязняў, у тым ліку {part} замежнікаў.",
        "Лукашэнка падпісаў указ аб памілаванні. З {whole} вызваленых {part} - жанчыны.",
        "Лукашэнка падпісаў указ аб памілаванні. {part} з {whole} памілаваных - замежнікі.",
    ),
}
DETAINED: Final = {
    "en": (
        "Police detained {whole} people in Minsk, {part} of them journalists.",
        "{part} of the {whole} activists detained in Minsk are women, Viasna said.",
        "Of the {whole} detained in Minsk on Tuesday, {part} are journalists, Viasna said.",
        "Among the {whole} people detained in Minsk are {part} journalists, Viasna said.",
        "{part} journalists are among {whole} people detained in Minsk, Viasna said.",
        "Police in Minsk detained {whole} people; {part} of them have been released, Viasna said.",
    ),
    "ru": (
        "В Минске задержали {whole} человек, {part} из них - журналисты, сообщает «Вясна».",
        "{part} из {whole} задержанных в Минске - женщины, сообщает «Вясна».",
        "Из {whole} задержанных в Минске {part} - журналисты, сообщает «Вясна».",
        "Среди {whole} задержанных в Минске {part} журналистов, сообщает «Вясна».",
        "{part} журналистов - среди {whole} задержанных в Минске, сообщает «Вясна».",
    ),
    "be": (
        "У Мінску затрымалі {whole} чалавек, {part} з іх - журналісты, паведамляе «Вясна».",
        "{part} з {whole} затрыманых у Мінску - жанчыны, паведамляе «Вясна».",
        "З {whole} затрыманых у Мінску {part} - журналісты, паведамляе «Вясна».",
        "Сярод {whole} затрыманых у Мінску {part} журналістаў, паведамляе «Вясна».",
        "{part} журналістаў - сярод {whole} затрыманых у Мінску, паведамляе «Вясна».",
    ),
}
NUMBERS: Final = ((52, 14), (12, 5), (31, 20))


def cases() -> list[tuple[str, Kind, str]]:
    acts = ((Kind.PARDON, PARDONED), (Kind.ARREST, DETAINED))
    return [(language, kind, text) for kind, told in acts for language, texts in told.items() for text in texts]


@pytest.mark.parametrize(("language", "kind", "text"), cases())
@pytest.mark.parametrize(("whole", "part"), NUMBERS)
def test_the_whole_is_the_number_of_the_act(language: str, kind: Kind, text: str, whole: int, part: int) -> None:
    found = extract(text.format(whole=whole, part=part), language=language, published=date(2024, 3, 6))
    assert (found.kind, getattr(found.facts, ACTS[kind].number)) == (kind, whole)


def test_of_two_in_four_detained_who_were_let_go_two_were_freed() -> None:
    text = "Lukashenko's police: two of the four detained in Minsk on Tuesday were released in the evening."
    found = extract(text, language="en", published=date(2024, 3, 6))
    assert found.facts.pardoned in (None, 2)
