"""The sample articles, written for this project in the manner of a wire story, and what an outlet would say of them.

The pardon of 28 December 2024 and its figures are real; the arrest is invented and names nobody. `Sample Wire` is no
outlet, and addresses under `.example` lead nowhere (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

OUTLET: Final = "Sample Wire"


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """`published` is aware, in Minsk's zone; `as_of` is the day to be taken for today when it is submitted."""

    file: str
    language: str
    url: str
    published: datetime
    outlet: str = OUTLET

    @property
    def as_of(self) -> date:
        return self.published.date()

    @property
    def text(self) -> str:
        """The headline, an empty line, then the paragraphs."""
        return files(__package__).joinpath(self.file).read_text("utf-8")

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0]


def _in_minsk(day: int, month: int, year: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Minsk"))


def pardon() -> SampleArticle:
    """20 people pardoned: the act every part of an alert can be shown with."""
    return SampleArticle(
        "article.txt", "en", "https://sample-wire.example/2024/12/28/pardon", _in_minsk(28, 12, 2024, 17, 20)
    )


def pardon_update() -> SampleArticle:
    """The same act with one fact more (10 of them have children): makes a revision."""
    return SampleArticle(
        "article_update.txt", "en", "https://sample-wire.example/2024/12/28/children", _in_minsk(28, 12, 2024, 20, 45)
    )


def arrest() -> SampleArticle:
    """Three people detained in Gomel, in Russian, none of them named."""
    return SampleArticle(
        "article_arrest_ru.txt", "ru", "https://sample-wire.example/2025/01/14/gomel", _in_minsk(14, 1, 2025, 18, 5)
    )
