"""In which spellings somebody will be found: in Belarusian and Russian, in Łacinka and as English texts have it. Pure.

Shown are only spellings that meet the name when it is folded, as the names in news are: so nothing is promised that
would not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from services.names import fold, fold_token, given_names, one_script

_MOST_WORDS: Final = 6
_SOFT: Final = {"л": "l", "с": "ś", "з": "ź", "ц": "ć", "н": "ń"}
_NOTHING: Final = "_"
_CYRILLIC: Final = "а б в г ґ д е ё ж з і и й к л м н о п р с т у ў ф х ц ч ш ы э ю я щ ъ ь '"
_AS_LACINKA: Final = "a b v h g d ie io ž z i i j k ł m n o p r s t u ŭ f ch c č š y e iu ia šč _ _ _"
_AS_ENGLISH: Final = "a b v h g d e yo zh z i i y k l m n o p r s t u u f kh ts ch sh y e yu ya shch _ _ _"
_FROM_LATIN: Final = (
    "shch:щ šč:шч zh:ж kh:х ch:ч ts:ц sh:ш yu:ю ju:ю iu:ю ya:я ja:я ia:я yo:ё jo:ё io:ё ye:е je:е ie:е sz:ш cz:ч "
    "č:ч š:ш ž:ж ŭ:ў ł:л ś:сь ź:зь ć:ць ń:нь w:в h:г a:а b:б v:в g:г d:д e:е z:з i:і j:й k:к l:л m:м n:н o:о p:п "
    "r:р s:с t:т u:у f:ф c:ц y:ы x:кс q:к"
)
"""In this order: what is longer goes first."""
_LACINKA: Final = dict(zip(_CYRILLIC.split(), _AS_LACINKA.split(), strict=True))
_ENGLISH: Final = dict(zip(_CYRILLIC.split(), _AS_ENGLISH.split(), strict=True))
_TO_CYRILLIC: Final = tuple(pair.partition(":")[::2] for pair in _FROM_LATIN.split())


def spellings(name: str) -> tuple[str, ...]:
    """As it was typed first, then in the four; none twice. Each means the same person to us."""
    words = re.findall(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*\.?", one_script(name[:300]))[:_MOST_WORDS]
    key = fold(name)
    found = [" ".join(words)]
    found += [" ".join(write(word) for word in words) for write in (_belarusian, _russian, _lacinka, _english)]
    return tuple(dict.fromkeys(one for one in found if one and fold(one) == key))


def _belarusian(word: str) -> str:
    return _written(word, "be", _to_belarusian)


def _russian(word: str) -> str:
    return _written(word, "ru", _to_russian)


def _lacinka(word: str) -> str:
    return _known(word, "be", _to_lacinka) or _cased(word, _to_lacinka(_to_belarusian(word.lower())))


def _english(word: str) -> str:
    return _known(word, "be", _to_english) or _cased(word, _to_english(_to_belarusian(word.lower())))


def _written(word: str, language: str, write: Callable[[str], str]) -> str:
    return _known(word, language, lambda same: same) or _cased(word, write(word.lower()))


def _known(word: str, language: str, write: Callable[[str], str]) -> str | None:
    """A given name has a form of its own in each language."""
    forms = _forms().get(fold_token(word))
    return None if forms is None else _cased(word, write(forms[language].lower()))


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for name in given_names():
        for form in name.forms:
            found.setdefault(fold_token(form), {"be": name.be[0], "ru": name.ru[0]})
    return found


def _to_belarusian(word: str) -> str:
    word = word if _is_cyrillic(word) else _to_cyrillic(word)
    word = word.replace("щ", "шч").replace("и", "і").replace("ъ", "'")
    return re.sub(r"(?<=[аеёіоуыэюя])в(?=[^аеёіоуыэюяь]|$)", "ў", word)


def _to_russian(word: str) -> str:
    word = word if _is_cyrillic(word) else _to_cyrillic(word)
    word = word.replace("шч", "щ").replace("і", "и").replace("ў", "в").replace("'", "ъ").replace("ґ", "г")
    return re.sub(r"(?<=[сц])ки$", "кий", word)


def _to_cyrillic(word: str) -> str:
    for latin, letter in _TO_CYRILLIC:
        word = word.replace(latin, letter)
    return word


def _to_lacinka(word: str) -> str:
    return "".join(_lacinka_letters(word)).replace(_NOTHING, "")


def _lacinka_letters(word: str) -> Iterator[str]:
    vowels = "аеёіоуыэюя"
    for place, letter in enumerate(word):
        before, after = word[place - 1 : place], word[place + 1 : place + 2]
        if letter in "еёюя" and (not before or before in vowels + "ўьъ'"):
            yield "j" + _LACINKA[letter][1:]
        elif after == "ь" and letter in _SOFT:
            yield _SOFT[letter]
        elif letter == "л" and after in ("е", "ё", "і", "ю", "я"):
            yield "l"
        elif letter in "еёюя" and before == "л":
            yield _LACINKA[letter][1:]
        else:
            yield _LACINKA.get(letter, letter)


def _to_english(word: str) -> str:
    vowels = "аеёіоуыэюя"
    pairs = zip(" " + word, word, strict=False)
    letters = ("ye" if at == "е" and before in vowels + " " else _ENGLISH.get(at, at) for before, at in pairs)
    return "".join(letters).replace(_NOTHING, "")


def _is_cyrillic(word: str) -> bool:
    return any("Ѐ" <= letter <= "ӿ" for letter in word)


def _cased(as_in: str, word: str) -> str:
    if as_in.isupper() and len(as_in.rstrip(".")) > 1:
        return word.upper()
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
