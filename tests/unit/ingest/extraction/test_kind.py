"""What the news of a text is. Above all: nothing that is no pardon may look like one."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from services.contract import Facts, Kind
from services.ingest.extraction import extract

CORPUS = Path(__file__).parents[5] / "shared" / "corpus" / "dev.jsonl"

NO_PARDON = {
    "an amnesty law": "Parliament in Minsk has approved an amnesty law that will affect about 8,000 prisoners.",
    "an amnesty law (ru)": "Лукашенко подписал закон об амнистии, под нее подпадут около 8 тысяч человек.",
    "an amnesty law (be)": "Лукашэнка падпісаў закон аб амністыі, пад яе трапяць каля 8 тысяч чалавек.",
    "another country": "Russia's Putin has pardoned 23 women prisoners, state media reported; nobody in Belarus.",
    "another country (ru)": "Путин помиловал 23 осужденных женщин. В Беларуси об этом не сообщали.",
    "a promise": "Lukashenko says he may pardon some of the seriously ill political prisoners in Belarus.",
    "a promise (ru)": "Лукашенко пообещал помиловать тяжелобольных политзаключенных.",
    "a promise (be)": "Лукашэнка паабяцаў памілаваць цяжкахворых палітвязняў.",
    "a refusal": "Lukashenko has refused to pardon the jailed activists, BelTA reported.",
    "a refusal (ru)": "Лукашенко не помилует осужденных по протестным делам.",
    "a plea": "Relatives in Minsk ask Lukashenko to pardon 20 seriously ill prisoners.",
    "conditions": "Torture in a Minsk prison: prisoners released last year told reporters of beatings.",
    "sport": "Tennis players from Belarus will be allowed to compete as neutral athletes.",
}

NO_ARREST = {
    "a sentence": "A court in Minsk sentenced five activists who were detained a year ago to three years in prison.",
    "a sentence (ru)": "Гродненка получила десять лет колонии. Ее задержали на границе год назад.",
    "a sentence (be)": "Мінскі суд асудзіў актывістку да трох гадоў калоніі. Затрымалі яе летась.",
    "an attempt": "АМАП хацеў затрымаць хлопца, але той уцёк.",
    "a death": "A 50-year-old man died in custody in Gomel, his family said.",
    "elsewhere": "Turkey arrests four journalists of a satirical magazine.",
    "belarusians abroad": "Poland arrests two Belarusian citizens on charges of spying.",
    "a year's tally": "Since January 125 people have been detained on coming home to Belarus, Viasna says.",
    "ordinary crime": "В Минске милиция задержала двух человек по подозрению в сбыте наркотиков.",
}


@pytest.mark.parametrize("text", NO_PARDON.values(), ids=NO_PARDON.keys())
def test_this_is_no_pardon(text: str) -> None:
    extraction = extract(text, published=date(2025, 5, 7))
    assert extraction.kind is Kind.OTHER
    assert extraction.facts.pardoned is None
    assert extraction.facts.names_pardoned is None


@pytest.mark.parametrize("text", NO_ARREST.values(), ids=NO_ARREST.keys())
def test_this_is_no_arrest(text: str) -> None:
    extraction = extract(text)
    assert extraction.kind is Kind.OTHER
    assert extraction.facts.detained is None


def test_a_retelling_of_an_older_act_is_no_news() -> None:
    text = "On 22 August 2015 Lukashenko pardoned six prisoners in Belarus."
    extraction = extract(text, published=date(2025, 3, 1))
    assert (extraction.kind, extraction.stale) == (Kind.OTHER, True)
    assert extract(text, published=date(2015, 8, 23)).kind is Kind.PARDON
    text = "В августе Лукашенко помиловал 30 человек. О новых указах не сообщалось."
    assert extract(text, published=date(2024, 10, 1)).kind is Kind.OTHER


def test_a_text_in_a_language_that_nobody_here_reads_says_nothing() -> None:
    extraction = extract("Az elnök kegyelmet adott húsz embernek, és szabadon is engedte őket.")
    assert (extraction.kind, extraction.language, extraction.claims) == (Kind.OTHER, "hu", ())
    assert extraction.facts == Facts()


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "(((", "a" * 50_000, "\ue100 pardoned \ue100"])
def test_any_text_is_read_without_an_error(text: str) -> None:
    for language in (None, "en", "ru", "be", "xx"):
        assert extract(text, language=language).kind is Kind.OTHER


def test_a_title_helps_where_the_text_states_nothing() -> None:
    text = "The notice was short. Belarus has not said more."
    assert extract(text, title="Belarus: Lukashenko has pardoned 20 prisoners").kind is Kind.PARDON
    assert extract(text, title="Belarus: Lukashenko may pardon 20 prisoners").kind is Kind.OTHER


def test_a_title_that_is_the_opening_of_the_text_cut_short_states_nothing() -> None:
    text = "Lukashenko spoke in Minsk. He said that he had pardoned enough people."
    assert extract(text, title="Lukashenko spoke in Minsk. He said that he had pardoned…").kind is Kind.OTHER


@pytest.mark.skipif(not CORPUS.exists(), reason="the labelled corpus is not at hand")
@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_the_corpus_is_told_apart(language: str) -> None:
    items = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    seen: Counter[tuple[str, str]] = Counter()
    for item in items:
        if item["language"] == language:
            published = date.fromisoformat(item["published"][:10]) if item["published"] else None
            seen[item["label"]["kind"], extract(item["text"], published=published).kind.value] += 1
    right = sum(count for (wanted, got), count in seen.items() if wanted == got)
    assert right / seen.total() >= 0.95
    assert seen["other", "pardon"] <= 1
