"""The kinds of groups of people that made-up news tells of, each with its number and its names by construction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.unit.ingest.extraction.made_texts.maker import Cases, Group, Maker

_AND: Final = {"en": "and", "ru": "и", "be": "і"}


def _joined(language: str, parts: Sequence[Cases]) -> Cases:
    who, of_whom, whom = (_row(language, [part[case] for part in parts]) for case in range(3))
    return who, of_whom, whom


def _row(language: str, each: Sequence[str]) -> str:
    return f" {_AND[language]} ".join((", ".join(each[:-1]), each[-1])) if len(each) > 1 else each[0]


def _with_part(language: str, people: Cases, part: Cases) -> Cases:
    aside = _ASIDE[language]
    who, of_whom, whom = (whole + aside.format(some) for whole, some in zip(people, part, strict=True))
    return who, of_whom, whom


def _of_number(maker: Maker) -> Group:
    value, said = maker.number()
    return Group(*maker.counted(value, said, maker.any("nouns")), value)


_HEDGES: Final = {
    "en": ("at least", "more than", "about"),
    "ru": ("не менее", "как минимум", "около"),
    "be": ("не менш за", "прынамсі", "каля"),
}


def _of_rough_number(maker: Maker) -> Group:
    value = maker.dice.choice((20, 30, 50, 70))
    hedge = maker.dice.choice(_HEDGES[maker.language])
    said = f"{hedge} {value}"
    return Group(*maker.counted(value, (said,) * 3, maker.any("nouns")), value)


def _of_one(maker: Maker) -> Group:
    noun = maker.any("nouns")
    return Group(*maker.one(noun), 1, number=_number_of(maker.language, noun))


def _number_of(language: str, noun: str) -> int:
    return 1 if language != "en" and noun.split("|")[0].endswith("а") else 0


def _of_names(count: int, *, titled: bool = False) -> Callable[[Maker], Group]:
    def made(maker: Maker) -> Group:
        names = maker.some_names(count)
        shown = [_titled(maker, each) if titled else each for each in names]
        feminine = names[0][0].split()[0].endswith(("а", "a"))
        number = 2 if count > 1 else int(feminine)
        return Group(*_joined(maker.language, shown), count, tuple(each[0] for each in names), number)

    return made


def _titled(maker: Maker, name: Cases) -> Cases:
    one = maker.one(maker.any("nouns"))
    if maker.language == "en":
        title = one[0].split(" ", 1)[1]
        return (f"{title} {name[0]}",) * 3
    return (f"{one[0]} {name[0]}", f"{one[1]} {name[1]}", f"{one[2]} {name[2]}")


_MORE: Final = {"en": "{} other {}", "ru": "ещё {} {}", "be": "яшчэ {} {}"}


def _of_name_and_number(maker: Maker) -> Group:
    value, said = maker.number()
    name = maker.some_names(1)[0]
    more = ["{} {}".format(*_other(maker, each)) for each in maker.counted(value, said, maker.any("nouns"))]
    parts = _joined(maker.language, [name, (more[0], more[1], more[2])])
    return Group(*parts, value + 1, (name[0],))


def _other(maker: Maker, counted: str) -> tuple[str, str]:
    number, noun = counted.split(" ", 1)
    return (number, f"other {noun}") if maker.language == "en" else (_MORE[maker.language].split()[0], counted)


def _of_two_numbers(maker: Maker) -> Group:
    first, second = maker.number(), maker.number()
    nouns = maker.dice.sample(maker.half_of("nouns"), 2)
    parts = [maker.counted(*each, noun) for each, noun in zip((first, second), nouns, strict=True)]
    return Group(*_joined(maker.language, parts), first[0] + second[0])


_KIN: Final = {
    "en": ("his lawyer",) * 3,
    "ru": ("его адвокат", "его адвоката", "его адвоката"),
    "be": ("яго адвакат", "яго адваката", "яго адваката"),
}


def _of_name_and_one(maker: Maker) -> Group:
    name = maker.some_names(1)[0]
    return Group(*_joined(maker.language, [name, _KIN[maker.language]]), 2, (name[0],))


def _of_name_and_unnamed(maker: Maker) -> Group:
    name = maker.some_names(1)[0]
    return Group(*_joined(maker.language, [name, maker.one(maker.any("nouns"))]), 2, (name[0],))


_ASIDE: Final = {"en": ", including {},", "ru": " (в том числе {})", "be": " (у тым ліку {})"}


def _of_number_and_its_part(maker: Maker) -> Group:
    whole, people = _many(maker)
    part = maker.counted(3, maker.cases(str(maker.said["numbers"][3])), maker.any("nouns"))
    return Group(*_with_part(maker.language, people, part), whole)


def _of_number_and_names(maker: Maker) -> Group:
    whole, people = _many(maker)
    names = maker.some_names(2)
    said = _with_part(maker.language, people, _joined(maker.language, names))
    return Group(*said, whole, tuple(each[0] for each in names))


def _many(maker: Maker) -> tuple[int, Cases]:
    whole: int = maker.dice.choice((12, 17, 25, 40))
    return whole, maker.counted(whole, (str(whole),) * 3, maker.any("nouns"))


_VAGUE: Final = {
    "en": ("several {}", "dozens of {}", "a group of {}"),
    "ru": ("несколько {}", "десятки {}", "группу {}"),
    "be": ("некалькі {}", "дзясяткі {}", "групу {}"),
}


def _vague(maker: Maker) -> Group:
    noun = maker.any("nouns").split("|")
    said = maker.dice.choice(_VAGUE[maker.language]).format(noun[-1])
    return Group(said, said, said, None)


def _vague_and_name(maker: Maker) -> Group:
    name, others = maker.some_names(1)[0], _vague(maker)
    return Group(*_joined(maker.language, [name, (others.nom, others.gen, others.obj)]), None, (name[0],))


GROUPS: Final[Mapping[str, Callable[[Maker], Group]]] = {
    "a number": _of_number,
    "a rough number": _of_rough_number,
    "one unnamed person": _of_one,
    "one name": _of_names(1),
    "one name with a title": _of_names(1, titled=True),
    "two names": _of_names(2),
    "two names with titles": _of_names(2, titled=True),
    "three names": _of_names(3),
    "three names with titles": _of_names(3, titled=True),
    "five names": _of_names(5),
    "a name and a number": _of_name_and_number,
    "two numbers": _of_two_numbers,
    "a name and his lawyer": _of_name_and_one,
    "a name and somebody": _of_name_and_unnamed,
    "a number and its part": _of_number_and_its_part,
    "a number and names of some": _of_number_and_names,
    "nobody knows how many": _vague,
    "a name and nobody knows how many": _vague_and_name,
}
