"""The third answer: an act that something vetoed is a near miss, in every language; what is plainly nothing is none."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Kind
from services.ingest.extraction import Extraction, extract
from services.ingest.extraction.near_miss import MEANINGS

PUBLISHED = date(2024, 12, 28)

VETOED = {
    ("en", "conviction"): "Five activists who were arrested in Minsk, Belarus, have been sentenced to three years.",
    ("en", "promise"): "Lukashenko promised to pardon 20 political prisoners, his press service said.",
    ("en", "question"): "Has Lukashenko pardoned 20 political prisoners in Belarus?",
    ("en", "foreign"): "Poland detained six Belarusian activists at the border.",
    ("en", "amnesty"): "Under the amnesty law Lukashenko pardoned 20 political prisoners, said the press service.",
    ("en", "background"): "In July 2023 police detained six activists in Minsk.",
    ("en", "denied"): "Police tried to detain six activists in Minsk, but nobody was arrested.",
    ("en", "no_number"): "Journalists were detained in Minsk, Belarus.",
    ("ru", "conviction"): "Шесть активистов, задержанных в Минске, приговорены к трем годам колонии.",
    ("ru", "promise"): "Лукашенко пообещал помиловать 20 политзаключенных, сообщила пресс-служба.",
    ("ru", "question"): "Лукашенко помиловал 20 политзаключенных?",
    ("ru", "foreign"): "В Польше задержали шестерых белорусских активистов.",
    ("ru", "background"): "В июле 2023 года в Минске задержали шестерых активистов.",
    ("ru", "no_number"): "В Минске задержали журналистов.",
    ("be", "conviction"): "Шэсць актывістаў, затрыманых у Мінску, асуджаныя на тры гады калоніі.",
    ("be", "promise"): "Лукашэнка паабяцаў памілаваць 20 палітвязняў, паведаміла прэс-служба.",
    ("be", "question"): "Лукашэнка памілаваў 20 палітвязняў?",
    ("be", "foreign"): "У Польшчы затрымалі шасцярых беларускіх актывістаў.",
    ("be", "background"): "У ліпені 2023 года ў Мінску затрымалі шасцярых актывістаў.",
    ("be", "no_number"): "У Мінску затрымалі журналістаў.",
}

UNREAD = {
    "ro": "Lukașenko a grațiat 31 de deținuți politici, anunță agenția de stat din Belarus.",
    "sl": "V Belorusiji so aretirali šest novinarjev, poroča združenje novinarjev.",
    "id": "Presiden Belarus Alexander Lukashenko memberi grasi kepada 31 tahanan politik.",
    "ar": "أعلنت الرئاسة في بيلاروسيا العفو عن واحد وثلاثين سجينا سياسيا.",
    "he": "בבלארוס נעצרו שישה עיתונאים, כך מסר ארגון זכויות אדם.",
    "el": "Στη Λευκορωσία συνελήφθησαν έξι δημοσιογράφοι, σύμφωνα με οργάνωση.",
    "hu": "Fehéroroszországban hat újságírót őrizetbe vettek, közölte egy jogvédő szervezet.",
    "tr": "Belarus'ta altı gazeteci gözaltına alındı, insan hakları örgütü duyurdu.",
    "hr": "Bjelorusija: Lukašenko pomilovao 31 političkog zatvorenika, objavila je agencija.",
    "sk": "Bieloruský vodca Lukašenko omilostil 31 politických väzňov, oznámila agentúra.",
    "sr": "Белорусија: полиција је ухапсила шест новинара, саопштило је удружење.",
    "et": "Valgevenes vahistati kuus ajakirjanikku, teatas liit.",
    "da": "Hviderusland har løsladt 31 politiske fanger, oplyser præsidentens kontor.",
    "zh": "白俄罗斯总统卢卡申科赦免了三十一名政治犯。",
    "ja": "ベラルーシで記者六人が逮捕された。",
    "ko": "벨라루스에서 기자 여섯 명이 체포됐다.",
    "hi": "बेलारूस में छह पत्रकार गिरफ्तार किए गए।",
    "hy": "Բելառուսում ձերբակալվել է վեց լրագրող։",
    "fa": "در بلاروس شش روزنامه‌نگار بازداشت شدند.",
    "vi": "Belarus bắt giữ sáu nhà báo, theo hiệp hội nhà báo.",
}

NOTHING = (
    ("en", "The city council of Minsk approved a new timetable for trams, said the journalists of the paper."),
    ("en", "Police in Warsaw detained two men suspected of stealing bicycles near the central station."),
    ("en", "Police in Iran arrested six journalists during a ceremony in Tehran."),
    ("ru", "Полиция Варшавы задержала двух мужчин, которых подозревают в краже велосипедов у вокзала."),
    ("ru", "Милиция Минска задержала двух мужчин за кражу велосипедов."),
    ("be", "Міліцыя Мінска затрымала двух мужчын за крадзеж ровараў."),
    ("ro", "Consiliul orașului a aprobat un nou orar pentru tramvaie în Belarus."),
    ("ro", "Poliția a arestat doi bărbați la Cluj pentru furt."),
)


def read(text: str, language: str | None = None, *, watched: bool = False) -> Extraction:
    return extract(text, language=language, published=PUBLISHED, watched=watched)


@pytest.mark.parametrize(("language", "veto"), VETOED)
def test_a_vetoed_act_is_a_near_miss_that_shows_its_sentence_and_the_veto(language: str, veto: str) -> None:
    text = VETOED[language, veto]
    found = read(text, language)
    assert found.near_miss is not None, found
    assert veto in found.near_miss.vetoes
    assert found.near_miss.acts
    start, end = found.near_miss.span
    assert text[start:end] == found.near_miss.sentence
    assert found.near_miss.language == language


@pytest.mark.parametrize("code", UNREAD)
@pytest.mark.parametrize("is_told", [False, True])
def test_a_language_that_nobody_reads_is_a_near_miss_where_the_country_and_an_act_stand_in_it(
    code: str, is_told: bool
) -> None:
    found = read(UNREAD[code], code if is_told else None)
    assert found.kind is Kind.OTHER
    assert found.near_miss is not None
    assert "unread_language" in found.near_miss.vetoes


@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_what_is_plainly_nothing_is_no_near_miss(language: str, text: str) -> None:
    assert read(text, language).near_miss is None


def test_what_a_source_watched_for_this_alone_says_in_an_unread_language_waits() -> None:
    text = "Uniunea a publicat o declarație despre colegii lor."
    assert read(text, "ro").near_miss is None
    seen = read(text, "ro", watched=True).near_miss
    assert seen is not None
    assert seen.vetoes == ("unread_language", "watched")


def test_news_is_no_near_miss() -> None:
    assert read("Lukashenko pardoned 20 people on 28 December 2024, his press service said.").near_miss is None


def test_the_span_is_that_of_the_text_as_it_was_written() -> None:
    text = "Pahoda dobraja. U Polščy zatrymali šaściarych biełaruskich aktyvistaŭ, paviedamiła Viasna."
    seen = read(text).near_miss
    if seen is not None and not seen.in_title:
        assert text[slice(*seen.span)] == seen.sentence


def test_every_veto_has_words_for_an_operator() -> None:
    vetoes = {veto for _, veto in VETOED}
    assert vetoes <= set(MEANINGS)


NAMED = {
    "en": "Lukashenko pardoned Ryhor Prykladny, the press service said.",
    "ru": "Лукашенко помиловал Григория Прикладного, сообщила пресс-служба.",
    "be": "Лукашэнка памілаваў Рыгора Прыкладнага, паведаміла прэс-служба.",
}


@pytest.mark.parametrize("language", NAMED)
def test_whoever_is_named_and_counted_by_nobody_is_counted_by_names(language: str) -> None:
    found = read(NAMED[language], language)
    assert found.kind is Kind.PARDON
    assert found.facts.pardoned == 1
    assert len(found.facts.names_pardoned or ()) == 1


FURTHER_AWAY = [
    ("mt", "Ġurnalist ġie arrestat f'Minsk."),
    ("eu", "Kazetari bat atxilotu dute Minsken."),
    ("az", "Minskdə jurnalist saxlanıldı."),
    ("uz", "Minskda jurnalist qoʻlga olindi."),
    ("ur", "منسک میں ایک صحافی گرفتار، بیلاروس"),
    ("te", "బెలారస్‌లో జర్నలిస్టు అరెస్టు."),
    ("mr", "बेलारूसमध्ये पत्रकाराला अटक."),
    ("tl", "Inaresto ang isang mamamahayag sa Minsk."),
    ("am", "በቤላሩስ ጋዜጠኛ ታሰረ።"),
    ("mn", "Минскт сэтгүүлчийг баривчилжээ."),
    ("ps", "په بېلاروس کې یو خبریال ونیول شو."),
    ("si", "බෙලාරුස්හි මාධ්‍යවේදියෙකු අත්අඩංගුවට."),
    ("km", "អ្នកកាសែតម្នាក់ត្រូវបានចាប់ខ្លួននៅបេឡារុស។"),
    ("my", "ဘီလာရုစ်တွင် သတင်းထောက်တစ်ဦး ဖမ်းဆီးခံရ"),
    ("ml", "ബെലാറസിൽ മാധ്യമപ്രവർത്തകൻ അറസ്റ്റിൽ."),
    ("gu", "બેલારુસમાં પત્રકારની ધરપકડ."),
    ("pa", "ਬੇਲਾਰੂਸ ਵਿੱਚ ਪੱਤਰਕਾਰ ਗ੍ਰਿਫ਼ਤਾਰ।"),
    ("af", "'n Joernalis is in Minsk in hegtenis geneem."),
    ("eo", "Ĵurnalisto arestita en Minsko."),
    ("so", "Belarus ayaa sii daysay 14 maxbuus siyaasadeed."),
    ("kn", "ಬೆಲಾರಸ್‌ನಲ್ಲಿ ಪತ್ರಕರ್ತನ ಬಂಧನ."),
    ("ig", "Ejidere onye nta akụkọ na Minsk, Belarus."),
    ("rw", "Umunyamakuru yatawe muri yombi i Minsk."),
    ("ceb", "Gidakop ang usa ka mamamahayag sa Minsk."),
    ("sn", "Mutori wenhau asungwa muMinsk."),
]


@pytest.mark.parametrize(("code", "text"), FURTHER_AWAY)
def test_it_is_one_in_languages_of_every_family(code: str, text: str) -> None:
    assert extract(text, published=date(2026, 3, 2)).near_miss is not None, code


@pytest.mark.parametrize(
    "text",
    [
        "Tim nasional Belarus bermain imbang 1-1 melawan Islandia di Minsk.",
        "Bjelorusija je izvezla 300 traktora u Srbiju.",
        "Belarusda 2025-ci ildə kartof məhsulu 12% artıb.",
        "Lukaşenko Türkiyə prezidenti ilə görüşdü.",
        "14 Läufer aus Belarus starten am Sonntag bei dem Marathon in der Stadt.",
    ],
)
def test_a_country_and_a_number_alone_are_nothing_in_a_language_that_can_be_told(text: str) -> None:
    assert extract(text, published=date(2026, 3, 2)).near_miss is None
