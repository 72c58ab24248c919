"""What one sentence says, as far as the kind of the news is concerned: an act, or news of another kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from services.ingest.extraction.dialect.patterns import masked
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences.read_sentence import Reading


class Signal(Enum):
    """What one sentence says, as far as the kind of the news is concerned."""

    PARDON = auto()
    ARREST = auto()
    AMNESTY = auto()
    ELSE = auto()  # a trial, a death, sanctions, another country's act, a promise: news of another kind
    NOTHING = auto()


def signal_of(reading: Reading, lexicon: Lexicon) -> Signal:
    counted = without_references(reading.counted, lexicon)
    if _is_foreign(counted, lexicon):
        return Signal.ELSE
    if lexicon.signals["arrival"].first(reading.counted):
        return Signal.PARDON
    pardon = statement_of(counted, lexicon, ("pardon",))
    act = pardon or statement_of(counted, lexicon, ("release",)) or statement_of(counted, lexicon, ("arrest",))
    if counted.rstrip().endswith("?"):
        return Signal.ELSE if act or lexicon.signals["custody"].first(counted) else Signal.NOTHING
    decided = pardon and lexicon.signals["decided"].first(counted)  # "granted their petitions for clemency"
    for unreal, means in (("promised", Signal.ELSE), ("not_detained", Signal.NOTHING)):
        if _comes_first(lexicon.signals[unreal].first(counted), act) and not decided:
            return means
    if _comes_first(lexicon.signals["amnesty"].first(counted), act):
        return Signal.AMNESTY
    if _is_other_news(counted, lexicon, act, is_pardon=bool(pardon)):
        return Signal.ELSE
    return _of_act(counted, lexicon, pardoned=bool(pardon), stated=bool(act))


def _is_other_news(counted: str, lexicon: Lexicon, act: re.Match[str] | None, *, is_pardon: bool) -> bool:
    """Of what those freed were convicted, and what they served, makes no other news of a pardon or a release."""
    other = lexicon.signals["other_news"].first(counted)
    if other and (_comes_first(other, act) or not (is_pardon or _stands_apart(counted, act, other))):
        return True
    if is_pardon:
        return False
    served = lexicon.signals["serving"].all(counted) if statement_of(counted, lexicon, ("release",)) else ()
    convicted = lexicon.signals["conviction"].first(masked(counted, (match.span() for match in served), " "))
    return convicted is not None and not _stands_apart(counted, act, convicted)


def without_references(counted: str, lexicon: Lexicon) -> str:
    """The sentence without what it only refers to."""
    return masked(counted, referred_to(counted, lexicon), " ")


def referred_to(counted: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where an act is taken for known ("welcomed the release of"), or another one is told of ("a week after ...")."""
    groups = (lexicon.signals["presupposed"], lexicon.earlier)
    return [match.span() for group in groups for match in group.all(counted)]


def _is_foreign(counted: str, lexicon: Lexicon) -> bool:
    """Does another country act? Belarus named before the act makes it ours, named behind it does not."""
    foreign = lexicon.signals["foreign"].first(counted)
    if foreign is None:
        return False
    ours = lexicon.signals["in_belarus"].first(counted)
    return ours is None or ours.start() >= foreign.end()


def _comes_first(cue: re.Match[str] | None, act: re.Match[str] | None) -> bool:
    """Is there a cue, and does it govern the act? One behind the act speaks of something else."""
    return cue is not None and (act is None or act.end() > cue.start())


def _stands_apart(counted: str, act: re.Match[str] | None, cue: re.Match[str]) -> bool:
    """Does a semicolon part the cue from the act before it?"""
    return act is not None and ";" in counted[act.end() : cue.start()]


def _of_act(counted: str, lexicon: Lexicon, *, pardoned: bool, stated: bool) -> Signal:
    if pardoned or statement_of(counted, lexicon, ("release",)):
        # Out of a police station comes whoever was detained the day before, and no prisoner.
        return Signal.NOTHING if not pardoned and lexicon.signals["let_go"].first(counted) else Signal.PARDON
    if stated and lexicon.signals["ordinary_crime"].first(counted):
        return Signal.ELSE
    return Signal.ARREST if stated else Signal.NOTHING


def statement_of(counted: str, lexicon: Lexicon, signals: Sequence[str]) -> re.Match[str] | None:
    """The words that state an act: a verb of it, or the number of people it touched.

    A number of people freed states a pardon only where prison or pardon is spoken of; others are freed from a lift.
    """
    groups = [lexicon.signals[name] for name in signals]
    if "pardon" in signals and lexicon.signals["custody"].first(counted):
        groups.append(lexicon.counts["pardoned"])
    if "arrest" in signals:
        groups.append(lexicon.counts["detained"])
    return next((match for group in groups if (match := group.first(counted))), None)
