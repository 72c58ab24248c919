"""Where a sentence states an act in a clause of its own, and the stretches that each tell one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.fact_table import WHOLES
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.other_subjects import other_subjects
from services.ingest.extraction.sentences.read_sentence import Reading

_ACTS: Final = ("pardon", "release", "arrest")
_PARTS_CLAUSES: Final = re.compile(r"[,;:()]")
_PARTS_STRETCHES: Final = re.compile(
    r"\s*(?:[;:](?!\d)\s*|\s-\s|,\s(?=(?:and|but|yet|so|now|и|а|но|да|теперь|і|ды|але|цяпер)\s)|\s(?=(?:но|але|but|yet)\s))"
)
"""Behind such a mark or word a sentence may tell something new; a bare comma parts only what belongs to it."""
_ATTRIBUTE: Final = re.compile(
    r"(?<!заключе)(?<!заключо)(?<!осужде)(?<!зняволе)(?<!асуджа)[аеияё]нн?(?:ых|ымі?|ыми|[оа]га|[оа]го|[оа]й|ую|[оа]му)$"
)
"""The end of a Russian or Belarusian participle in an oblique case; "политзаключенных" are people, and no attribute."""
_NEXT: Final = re.compile(
    r"(?:по(?!лит)|вы|ос(?!ужд)|за(?!ключ)|ар|па(?!літ))\w*[аеияё]нн?(?:ых|ымі?|ыми|[оа]га|[оа]го|[оа]й|ую|[оа]му)(?!\w)"
)
_FULL_FORM: Final = re.compile(r"(?<!\w)(?:за(?!ключ)|ар|по(?!лит)|ос(?!ужд)|вы|схв)\w*нн(?:ый|ая|ое|ые)$")
"""A full Russian participle: "the detained", where a predicate would be short."""
_PARTICIPLE: Final = re.compile(r"нн?\w{1,3}$|т(?:ый|ая|ые|ых)$|ed$")
_ENGLISH_PARTICIPLE: Final = re.compile(r"\b[a-z]+(?:ed|en)\b")
_BEFORE_A_NOUN: Final = re.compile(
    r"(?:The )?(?:[Dd]etained|[Aa]rrested|[Rr]eleased|[Ff]reed|[Pp]ardoned) "
    r"(?!in|at|on|by|after|for|near|from|and|again)[a-z]"
)
_JUDGED: Final = re.compile(
    r"(?:release|pardon|arrest|detention)s? of [^,;:]*? (?:was|were|is|are|will|has|shows?|means?)\b"
    r"|(?:вызваленне|памілаванне|затрыманне|освобождение|помилование|задержание) [^,;:]*? - ",
    re.IGNORECASE,
)
"""An act of which something is said: "the release of 250 was a start"."""
_BELARUSIAN_SUBJECT: Final = re.compile(
    r"(?<!\w)(?:затрыма|вызвале|памілава|арыштава)"
    r"(?:н(?:ыя|ых)\s[^,;:]*?(?<!\w)\w+(?:лі|ліся)|н(?:ы|ая)\s[^\W\d_]+\s[^,;:]*?(?<!\w)(?-i:[а-яёіў]{2,}(?:ўся|ў|ла|лася)))(?!\w)",
    re.IGNORECASE,
)
"""Who was taken or freed does something: "вызваленыя атрымалі візы", "затрыманы актывіст адмовіўся"."""
_GOVERNED: Final = re.compile(r"\b(?:to|for|with|from)\s(?:[\ue000-\uf8ff]+|some|many|several)\s(?:[a-z'-]+\s){1,3}$")
"""People with whom something else is done stand before a mere attribute: "gave visas to 52 prisoners freed there"."""
_TOLD_HOW: Final = re.compile(
    r"\b(?:told|tells|recalled|explained|described)\b[^,;:]*?\b(?:how|why)\b"
    r"|(?:расска(?:зал|зыва)|раскаж|расказ|вспом|згада|объясн|ответил|адказа|растлумач|тлумач)\w*"
    r"[^,;:]*, (?:как|як|почему|отчего|зачем|чаму|навошта)(?!\w)",
    re.IGNORECASE,
)
"""What is told is how it went, or why: it has been known for a while."""
_FRAGMENTS: Final = re.compile(r"[,;()]|(?P<parts>:| (?:that|что|што|як|как) )")
_SHORT: Final = 5
"""Words of a fragment that only goes with the next: "On Sunday, 1 March, ..."."""
_PASSIVE: Final = re.compile(r"\b(?:was|were|been|be|being|is|are|get|gets|got)\s+(?:\w+ly\s+|also\s+|again\s+)?$")
_REDUCED: Final = re.compile(
    r"\s(?:in|at|on|after|for|during|over|by|near|from|outside|last|earlier|this)\b[^,;:.]*?"
    r"\b(?:has|have|had|was|were|will|is|are|got|gets|get|left|remains?|remained|faces?|told|tells?|says?|wrote|may|"
    r"could|must|still)\b"
)
"""What stands behind a participle that is a mere attribute: "a musician detained in Polatsk got three years"."""


def states_the_act(reading: Reading, lexicon: Lexicon) -> bool:
    """Does a clause of its own state the act, and not one about somebody ("who were detained"), nor a mere attribute
    ("the detained", in a case that no predicate has)?"""
    return next(main_statements(reading, lexicon), None) is not None


def mentions_an_act(reading: Reading, lexicon: Lexicon) -> bool:
    """Is an act spoken of at all, be it only as somebody's or as what was before?"""
    return next(_statements(reading, lexicon), None) is not None


def main_statements(reading: Reading, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    return (match for match in _statements(reading, lexicon) if not _is_told_of_somebody(reading.counted, match))


def _statements(reading: Reading, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    groups = [lexicon.signals[name] for name in _ACTS] + [lexicon.counts[name] for name in WHOLES]
    return (match for group in groups for match in group.all(reading.counted))


def _is_told_of_somebody(counted: str, match: re.Match[str]) -> bool:
    before = counted[: match.end()]
    clause, behind = _PARTS_CLAUSES.split(before)[-1], counted[match.end() :].lstrip(" ,")
    subjects = other_subjects()
    if subjects.relative.search(clause) and not subjects.by_which.search(before):
        return True
    told_how = _TOLD_HOW.search(before)
    if (
        (told_how is not None and told_how.end() <= match.start())
        or _is_a_subject(counted, match)
        or _is_reduced(counted, match)
        or (_PARTICIPLE.search(before) and subjects.relative.match(behind))
    ):
        return True
    if subjects.reported_of.search(clause):
        return False
    return bool(
        _ATTRIBUTE.search(clause) or _FULL_FORM.search(clause) or _NEXT.match(clause.lstrip()) or _NEXT.match(behind)
    )


def _is_a_subject(counted: str, match: re.Match[str]) -> bool:
    """ "The release of 250 was a start", "вызваленыя атрымалі візы"."""
    start = max(counted.rfind(mark, 0, match.start() + 1) for mark in ",;:") + 1
    judged, subject = _JUDGED.search(counted, start), _BELARUSIAN_SUBJECT.search(counted, start)
    if judged is not None and judged.start() <= match.start() < judged.end():
        return True
    return subject is not None and subject.start() < match.end() and match.start() < subject.end()


def _is_reduced(counted: str, match: re.Match[str]) -> bool:
    """In English: "a musician detained in Polatsk got ...", "Released prisoners meet ..."."""
    if _BEFORE_A_NOUN.match(counted[match.start() :]) and not counted[: match.start()].strip():
        return True
    participles = list(_ENGLISH_PARTICIPLE.finditer(counted, match.start(), match.end()))
    if not participles or _PASSIVE.search(counted[: participles[-1].start()]):
        return False
    if _GOVERNED.search(counted[: participles[-1].start()]):
        return True
    return _REDUCED.match(counted, participles[-1].end()) is not None


def segments(reading: Reading) -> list[tuple[int, int]]:
    """The stretches of the sentence between marks and words that open something new; offsets within it."""
    cuts = [match.span() for match in _PARTS_STRETCHES.finditer(reading.sentence.plain)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(reading.sentence.plain)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def clause_of(reading: Reading, act: re.Match[str]) -> tuple[int, int]:
    """The clause round a statement, with the short fragments before it that only say when or where; offsets."""
    plain, start = reading.sentence.plain, 0
    for mark in _FRAGMENTS.finditer(plain, 0, act.end()):
        if mark.start() >= act.start():
            break
        if mark["parts"] or len(plain[start : mark.start()].split()) >= _SHORT:
            start = mark.end()
    end = _FRAGMENTS.search(plain, act.end())
    return start, end.start() if end else len(plain)
