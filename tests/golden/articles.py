"""A dozen articles, written for the project, and the event that each becomes on the road."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.contract import Event
from services.ingest.stories import place, published, to_event
from tests.golden.road import BELTA, NOW, PRESIDENT, VIASNA, WIRE, report_from


class Written(NamedTuple):
    """`about`: whose text it is."""

    about: dict[str, object]
    language: str
    body: str


ARTICLES: Final = {
    "office counts the pardoned": Written(
        PRESIDENT,
        "en",
        "On 28 December 2024 the President of Belarus signed decree No. 502. 14 people were pardoned. 9 women are "
        "among them. All of them had been convicted of extremist crimes. They petitioned for clemency.",
    ),
    "state agency in Russian": Written(
        BELTA, "ru", "БелТА сообщает: 28 декабря 2024 года Александр Лукашенко помиловал 21 человека."
    ),
    "group names two of the pardoned": Written(
        VIASNA,
        "be",
        "Праваабаронцы «Вясны» паведамляюць: 28 снежня 2024 года ў Беларусі памілавалі 20 чалавек. Сярод памілаваных "
        "Марыя Калеснікава і Віктар Бабарыка.",
    ),
    "wire quotes the office": Written(
        WIRE,
        "en",
        "Belarus pardoned 17 people, the president's website said on 28 December 2024. The names were not published. "
        "Viasna says about 1,250 political prisoners are still held. Ales Bialiatski remains in prison.",
    ),
    "released and taken to Lithuania": Written(
        VIASNA,
        "en",
        "Viasna reports that 15 political prisoners were released in Belarus on 28 December 2024. They were taken to "
        "Lithuania. Viasna recognises them as political prisoners.",
    ),
    "merely released": Written(
        VIASNA, "ru", "«Вясна» сообщает: 28 декабря 2024 года в Беларуси освободили 8 политзаключённых."
    ),
    "detained and held": Written(
        VIASNA,
        "en",
        "Viasna reports: on 28 December 2024 three people were detained in Gomel by the KGB. They are held in SIZO-3. "
        "A criminal case was opened under Article 342 of the Criminal Code.",
    ),
    "one person, fifteen days": Written(
        VIASNA,
        "be",
        "«Вясна» паведамляе: 28 снежня 2024 года ў Мінску затрымалі аднаго чалавека. Яго асудзілі на 15 сутак паводле "
        "артыкула 19.11 КаАП.",
    ),
    "a few are named and nobody counts": Written(
        VIASNA,
        "en",
        "Viasna reports: on 28 December 2024 activists were detained in Brest, among them Ihar Losik. Their "
        "whereabouts are unknown.",
    ),
    "a number that is hedged": Written(
        VIASNA, "ru", "«Вясна» сообщает: 28 декабря 2024 года в Гродно задержали не менее 22 человек."
    ),
    "the committee announces an arrest": Written(
        BELTA,
        "ru",
        "Следственный комитет сообщил: 28 декабря 2024 года в Витебске задержаны 2 человека. Возбуждено уголовное дело "
        "по статье 361-2 Уголовного кодекса.",
    ),
    "an outlet by itself": Written(
        WIRE, "en", "Police in Belarus detained 5 people in Minsk on 28 December 2024, Example Wire has learnt."
    ),
}  # fmt: skip


def event_from(name: str) -> Event:
    about, language, body = ARTICLES[name]
    report = report_from(about, body, f"https://article.example/{sorted(ARTICLES).index(name)}", 15, language)
    story = published(place(report, [], NOW).story)
    return to_event(story, sequence=1, changes=(), now=NOW.timestamp())
