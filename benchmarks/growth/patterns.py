"""Every pattern that reading compiles, with the place in our code that compiled it.

They are noted down while they are compiled, and the places in the code that compile one are counted beside: a place
whose pattern was not met is an error, so that none can be forgotten.
"""

from __future__ import annotations

import ast
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

PACKAGES: Final = ("services.ingest.extraction", "services.names")
ROOT: Final = Path(__file__).parents[2]

Place = tuple[str, int]
"""A file of ours, from the root, and a line."""

Read = Callable[[str], object]

Met = dict[tuple[Any, int], Place]
"""By pattern and flags, the place that compiled it first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A pattern, and how our code asks it of a text."""

    regex: re.Pattern[str]
    place: str
    read: Read


OF_OUR_OWN: Final = ("services/ingest/extraction/dialect/syntax.py",)
"""Files whose patterns read our own lexicons, and no text of anybody's."""

OF_A_WORD: Final = ("services/ingest/extraction/people/morphology/declension.py",)
"""Files whose patterns are only ever asked of one word."""

OF_A_SENTENCE: Final = tuple(
    f"services/ingest/extraction/{file}"
    for file in (
        *(
            "dialect/patterns.py",
            "lexicon.py",
            "words_of_further.py",
            "further/",
            "gazetteer.py",
            "law_articles.py",
            "doubts.py",
            "people/",
            "skimming/words.py",
        ),
        *(
            "sentences/dates.py",
            "sentences/numbers.py",
            "sentences/shares.py",
            "skimming/counting.py",
            "skimming/skimmed_people.py",
        ),
    )
)
"""Files whose patterns are only ever asked of a sentence, which is cut where it is longer than `passages` allows.
All others are asked of the whole text."""

LONGEST_WORD: Final = 64


class NotMet(Exception):
    """A place in our code compiles a pattern that this tool never saw."""


def every_pattern() -> list[Asked]:
    """In a process that has imported nothing of PACKAGES yet. Raises NotMet."""
    if any(name.startswith(PACKAGES) for name in sys.modules):
        raise NotMet("start the tool in a process of its own: extraction was imported before it could look")
    met: Met = {}
    places: set[Place] = set()
    with _noted(met, places):
        _load()
    if missed := sorted(set(_compiling_places()) - places):
        raise NotMet(f"never seen compiled: {', '.join(f'{file}:{line}' for file, line in missed)}")
    in_lexicons = _in_lexicons()
    theirs = ((key, place) for key, place in met.items() if not place[0].startswith(OF_OUR_OWN))
    return [_asked(re.compile(*key), place, in_lexicons) for key, place in theirs]


def _asked(regex: re.Pattern[str], place: Place, in_lexicons: Mapping[re.Pattern[str], Read]) -> Asked:
    file, line = place
    read = in_lexicons.get(regex) or (lambda text: sum(1 for _ in regex.finditer(text)))
    if file.startswith((*OF_A_WORD, *OF_A_SENTENCE)):
        longest = LONGEST_WORD if file.startswith(OF_A_WORD) else _longest_sentence()
        return Asked(regex, f"{file}:{line}", lambda text: [read(piece) for piece in _pieces(text, longest)])
    return Asked(regex, f"{file}:{line}", read)


def _longest_sentence() -> int:
    return int(import_module("services.ingest.extraction.sentences.passages").LONGEST_SENTENCE)


def _pieces(text: str, longest: int) -> Iterator[str]:
    return (text[start : start + longest] for start in range(0, len(text), longest))


def _in_lexicons() -> dict[re.Pattern[str], Read]:
    """The patterns of the lexicons are asked only where a sentence has their words: see `Pattern.matches`."""
    words = import_module("services.ingest.extraction.lexicon")
    dialect = import_module("services.ingest.extraction.dialect.patterns")
    found: dict[re.Pattern[str], Read] = {}
    for lexicon in map(words.lexicon, words.LANGUAGES):
        for name in (field.name for field in fields(lexicon)):
            value = getattr(lexicon, name)
            for patterns in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(patterns, dialect.Patterns):
                    found |= {one.regex: _by_words(one, patterns.vocabulary) for _, one in patterns.each}
    return found


def _by_words(pattern: Any, vocabulary: Any) -> Read:
    return lambda text: sum(1 for _ in pattern.matches(text, vocabulary.seen(text)))


@cache
def _of_ours(file: str) -> str | None:
    """From the root; None where it is no file of a service."""
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT / "services") else None


@contextmanager
def _noted(met: Met, places: set[Place]) -> Iterator[None]:
    """While it lasts, whatever our code asks of `re` is noted down."""
    real = {name: getattr(re, name) for name in _ASKED}

    def noting(name: str) -> Any:
        def ask(pattern: Any, *rest: Any, **more: Any) -> Any:
            frame = sys._getframe(1)
            file = _of_ours(frame.f_code.co_filename)
            if file is not None:
                place = file, frame.f_lineno
                flags = int((rest[0] if rest else more.get("flags", 0)) if name == "compile" else 0)
                places.add(place)
                if isinstance(pattern, str):
                    met.setdefault((pattern, flags), place)
            return real[name](pattern, *rest, **more)

        return ask

    try:
        for name in _ASKED:
            setattr(re, name, noting(name))
        yield
    finally:
        for name, function in real.items():
            setattr(re, name, function)


_ASKED: Final = ("compile", "sub", "split", "search", "match", "fullmatch", "findall", "finditer")


def _load() -> None:
    """Every module, every language, every pattern."""
    for package in PACKAGES:
        module = import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            import_module(found.name)
    extraction = import_module("services.ingest.extraction")
    skimming = import_module("services.ingest.extraction.skimming.words")
    extraction.warm_up()
    for language in skimming.SKIMMED:
        skimming.words_of(language)
    for language in ("en", "ru", "be", *skimming.SKIMMED):
        for text in _TEXTS:
            extraction.extract(text, language=language)


_TEXTS: Final = (
    "Lukashenko pardoned 20,000 people on 28 December 2024: Ivan Ivanou, Maria Petrova.",
    "Лукашенко помиловал 20 человек. Александр Лукашенко задержал Ивана и Марию Петровых по ст. 342 УК.",
    "Аляксандр Лукашэнка памілаваў 20 чалавек. Затрымалі Івана Іванова паводле арт. 342 КК.",
    "Prezydent Łukaszenka ułaskawił 20 osób, dwadzieścia osób uwolniono na Białorusi 16. września.",
    "Six people were detained in Minsk on Monday under article 342 of the Criminal Code, the KGB said.",
    "Лукашенко помилував 20 людей у Білорусі, Іван Іваноў. Затримано 5 осіб.",
)


def _compiling_places() -> Iterator[Place]:
    """The calls of `re` in the code of PACKAGES."""
    for package in PACKAGES:
        for file in sorted((ROOT / package.replace(".", "/")).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_asked_of_re(node.func):
                    yield str(file.relative_to(ROOT)), node.lineno


def _is_asked_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _ASKED
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )
