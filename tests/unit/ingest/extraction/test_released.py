"""How many of the pardoned are out already is a number of its own, with who counts it, and never the pardon's."""

from __future__ import annotations

from itertools import product

import pytest

from services.ingest.extraction import Extraction, extract

OPENINGS = {
    "en": [
        "Alexander Lukashenko pardoned 52 prisoners, the president's office said on Friday.",
        "Belarus pardoned 52 people, BelTA reported.",
        "The president of Belarus signed a decree pardoning 52 convicts.",
    ],
    "ru": [
        "Лукашенко помиловал 52 заключённых, сообщила пресс-служба президента.",
        "В Беларуси помилованы 52 человека, пишет БелТА.",
        "Президент Беларуси подписал указ о помиловании 52 осуждённых.",
    ],
    "be": [
        "Лукашэнка памілаваў 52 зняволеных, паведаміла прэс-служба прэзідэнта.",
        "У Беларусі памілаваныя 52 чалавекі, піша БелТА.",
        "Прэзідэнт Беларусі падпісаў указ пра памілаванне 52 асуджаных.",
    ],
}
OUT = {
    "en": [
        "{n} of them are already free, Viasna counts.",
        "According to Viasna, {n} have been released so far.",
        "Only {n} of those pardoned have left prison, Viasna said.",
        "Viasna knows of {n} who are already at liberty.",
        "{n} of the 52 were let out, Viasna reported.",
        "By Viasna's count, {n} of them have walked free.",
    ],
    "ru": [
        "{n} из них уже на свободе, подсчитала «Весна».",
        "По данным «Весны», на свободу вышли {n} помилованных.",
        "«Весна» сообщает, что {n} из них освобождены.",
        "Освобождены пока {n} из них, отмечает «Весна».",
        "По подсчётам «Весны», из колоний вышли {n} человек.",
    ],
    "be": [
        "{n} з іх ужо на волі, падлічыла «Вясна».",
        "Паводле «Вясны», на волю выйшлі {n} памілаваных.",
        "«Вясна» паведамляе, што {n} з іх вызваленыя.",
        "Вызваленыя пакуль {n} з іх, адзначае «Вясна».",
        "Паводле падлікаў «Вясны», з калоній выйшлі {n} чалавек.",
    ],
}
NUMBERS = {
    "en": {47: ["47", "forty-seven"], 12: ["12", "twelve"]},
    "ru": {47: ["47", "сорок семь"], 12: ["12", "двенадцать"]},
    "be": {47: ["47", "сорак сем"], 12: ["12", "дванаццаць"]},
}
NOT_OF_THEM = {
    "en": [
        "In July, 16 people were released.",
        "16 of them will be released next week.",
        "16 of them have not been released yet.",
        "Viasna says 16 of them were taken to Lithuania.",
        "16 others were released last week, Viasna says.",
        "Viasna names 16 people who were freed.",
        "16 of them asked to be released.",
    ],
    "ru": [
        "В июле были освобождены 16 человек.",
        "16 из них будут освобождены на следующей неделе.",
        "16 из них ещё не освобождены.",
        "16 из них вывезли в Литву.",
        "«Весна» назвала имена 16 освобождённых.",
        "Ещё 16 человек вышли на свободу, сообщает «Весна».",
    ],
    "be": [
        "У ліпені вызвалілі 16 чалавек.",
        "16 з іх будуць вызваленыя на наступным тыдні.",
        "16 з іх яшчэ не вызваленыя.",
        "16 з іх вывезлі ў Літву.",
        "«Вясна» назвала імёны 16 вызваленых.",
        "Яшчэ 16 чалавек выйшлі на волю, паведамляе «Вясна».",
    ],
}


def _read(language: str, *sentences: str) -> Extraction:
    return extract(" ".join(sentences), language=language)


@pytest.mark.parametrize("language", OUT)
def test_who_is_out_is_counted_beside_the_pardon_by_whoever_counts(language: str) -> None:
    wrong = []
    for opening, out, (number, words) in product(OPENINGS[language], OUT[language], NUMBERS[language].items()):
        for word in words:
            sentence = out.format(n=word)
            found = _read(language, opening, sentence[0].upper() + sentence[1:])
            by = [(each.value, each.said_by.id) for each in found.claims if each.field == "released"]
            if found.facts.pardoned != 52 or by != [(number, "viasna")]:
                wrong.append((opening, sentence, found.facts.pardoned, by))
    assert not wrong


@pytest.mark.parametrize("language", NOT_OF_THEM)
def test_who_was_let_go_otherwise_or_is_yet_to_be_is_not_counted_with_them(language: str) -> None:
    found = [(each, _read(language, OPENINGS[language][1], each).facts) for each in NOT_OF_THEM[language]]
    assert [(each, facts.pardoned, facts.released) for each, facts in found if facts.released is not None] == []
    assert {facts.pardoned for _, facts in found} == {52}


def test_of_one_sentence_that_gives_both_numbers_each_is_its_own() -> None:
    found = _read("en", "Fifty-two people were pardoned and 51 of them released in Belarus, Viasna said.").facts
    assert (found.pardoned, found.released) == (52, 51)
