"""What a revision changes, each change told once and in a sentence that stands alone: what it is now, what we wrote
before and when, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.contract import Certainty, Change, Event, Person, Precision, Value
from services.fact_table import NAME_FIELDS, SHARES
from services.names import fold
from services.notify.content.alerts.acts import DETAINED, act_of
from services.notify.content.alerts.concerned import nameable, shown
from services.notify.content.alerts.fact_rows import COUNTED, is_of_one, label
from services.notify.content.alerts.headline import COUNTED_AS_IT_IS, accounts, happening
from services.notify.content.alerts.statements import Voice, statements, voice_of
from services.notify.content.alerts.values import counted_people, hedged_number, sentence_case, value_text, where_words
from services.notify.content.languages import Language

_LISTED: Final = 4
"""Names that a sentence holds; more are counted there and listed below."""
_SEVERAL: Final = 5
_FLOORS: Final = (Precision.AT_LEAST, Precision.OVER)


def change_sentences(event: Event, language: Language) -> tuple[str, ...]:
    """First published names first, then the number, then the rest."""
    told = [sentence for change in in_order(event) for sentence in _told(event, language, change)]
    return tuple(dict.fromkeys(told)) or (language.phrase("change.some"),)


def in_order(event: Event) -> list[Change]:
    """The changes as they are told: without what a dispute's sentence says, and without a confirmation that the new
    number's speaker makes plain."""
    changes = list(event.data.changes)
    if any(_is_dispute(change) for change in changes):
        changes = [one for one in changes if _is_dispute(one) or len(statements(event, one.field)) < 2]
    main = COUNTED.get(event.data.kind)
    if any(change.field == main for change in changes):
        changes = [change for change in changes if change.field != "certainty" or _is_dispute(change)]
    changes = [change for change in changes if not _follows(event, change)]
    first = (*NAME_FIELDS, main, "certainty")
    return sorted(changes, key=lambda change: first.index(change.field) if change.field in first else len(first))


def _follows(event: Event, change: Change) -> bool:
    """All were convicted before, and all are now: the number said it."""
    main = next((one for one in event.data.changes if one.field == COUNTED.get(event.data.kind)), None)
    both = main is not None and (change.before, change.after) == (main.before, main.after)
    return (both and change.field in SHARES) or (change.field == "region" and place_name_changed(event))


def place_name_changed(event: Event) -> bool:
    return any(one.field == "place" for one in event.data.changes)


def told_on(event: Event, language: Language, *, dated: bool = False) -> str:
    """When we wrote what is replaced: "on 28 December 2024", or "that day" where the sentence has just said it."""
    day = language.date(event.data.replaced_at)
    if day is None:
        return language.phrase("told.before")
    same = dated and day == language.date(event.data.occurred_on or event.data.headline_facts.occurred_on)
    return language.phrase("told.same_day") if same else language.phrase("told.on", date=day)


def what_happened(event: Event, language: Language, number: int, precision: Precision = Precision.EXACT) -> str:
    """ "22 people were pardoned on 28 December 2024"."""
    date = language.date(event.data.occurred_on or event.data.headline_facts.occurred_on)
    return language.plural(
        f"sentence.{act_of(event)}{'' if precision in COUNTED_AS_IT_IS else '_hedged'}",
        number,
        people=counted_people(language, number, precision),
        where=where_words(language, event) if act_of(event) == DETAINED else "",
        when=language.phrase("sentence.when", date=date) if date else "",
    )


def share_sentence(event: Event, language: Language, field: str, value: int) -> str:
    """ "12 of the 20 pardoned are women"."""
    counts = statements(event, COUNTED[event.data.kind])
    exact = [one.value for one in counts if one.precision is Precision.EXACT and isinstance(one.value, int)]
    act, counted = act_of(event), language.number(value)
    if len(counts) == 1 and exact and exact[0] >= value:
        acted = language.plural(f"acted_counted.{act}", exact[0])
        share = language.phrase("among.known", counted=counted, total=language.number(exact[0]), acted=acted)
    else:
        share = language.phrase("among.unknown", counted=counted, acted=language.phrase(f"acted.{act}"))
    # «21 из них — женщины»: of a share only one itself is told of as of one.
    return language.plural(f"share.{field}", 1 if value == 1 else _SEVERAL, share=share)


def let_out_sentence(event: Event, language: Language, *, out: bool) -> str:
    """ "those pardoned have been let out"."""
    key = f"change.let_out.{'one' if is_of_one(event) else 'several'}.{'true' if out else 'false'}"
    return language.phrase(key, acted=language.phrase(f"acted.{act_of(event)}"))


def fact_now(event: Event, language: Language, change: Change) -> str | None:
    """What a fact is now, in words, where it has any."""
    return _text(event, language, change.field, change.after)


def is_replaced(event: Event, change: Change) -> bool:
    """Does the new number make the old one wrong? "At least 22" stays true, and arrests go on."""
    if change.ours:
        return True
    before, after = change.before, change.after
    grown = change.was in _FLOORS and isinstance(before, int) and isinstance(after, int) and after > before
    return act_of(event) != DETAINED and not grown


def newly_named(event: Event, change: Change) -> tuple[Person, ...]:
    """Whom a change of names adds of those who may be named."""
    before = {fold(name) for name in change.before} if isinstance(change.before, tuple) else set()
    return tuple(one for one in nameable(event) if one.key not in before and fold(one.name) not in before)


def named_sentence(event: Event, language: Language, change: Change) -> str:
    """ "First names: Viasna names 2 of those pardoned: …"; "" where nobody new may be named."""
    new = newly_named(event, change)
    if not new:
        return ""
    groups: dict[Voice | None, list[Person]] = {}
    for person in new:
        voice = voice_of(event, person.said_by, person.source) if person.said_by else None
        groups.setdefault(voice, []).append(person)
    parts = [_named_by(event, language, voice, people) for voice, people in groups.items()]
    key = "more" if change.before else "first"
    return language.phrase(f"names.{key}", named=language.phrase("list_mark").join(parts))


def _named_by(event: Event, language: Language, voice: Voice | None, people: list[Person]) -> str:
    names = ", ".join(shown(language, one) for one in people) if len(people) <= _LISTED else ""
    acted, counted = language.phrase(f"acted.{act_of(event)}"), language.number(len(people))
    key = "counted" if not names else "listed" if len(people) > 1 else "listed_one"
    if voice is None:
        return language.phrase(f"names.nobody.{key}", counted=counted, acted=acted, names=names)
    return language.said(f"names.{key}", [voice.party], voice.through, counted=counted, acted=acted, names=names)


def _told(event: Event, language: Language, change: Change) -> Iterator[str]:
    if change.field == "certainty":
        yield from _certainty(event, language, change)
    elif change.field in NAME_FIELDS:
        yield named_sentence(event, language, change) or language.phrase("change.names")
    elif change.field not in language.words["phrases"]["facts"]:
        yield language.phrase("change.some")
    else:
        yield language.phrase("change.sentence", change=sentence_case(_changed(event, language, change)))


def _certainty(event: Event, language: Language, change: Change) -> Iterator[str]:
    if not _is_dispute(change):
        key = f"reported_after_{change.before}" if change.after == Certainty.REPORTED else str(change.after)
        yield language.phrase(f"change.certainty.{key}", act=happening(event, language))
        return
    main = COUNTED.get(event.data.kind)
    for field in dict.fromkeys(claim.field for claim in event.data.claims if claim.scope == "act"):
        told = {said.value for said in statements(event, field) if isinstance(said.value, int) and said.parties}
        if len(told) < 2:
            continue
        if field == main:
            yield language.phrase("change.sentence", change=happening(event, language))
        elif field in language.words["phrases"]["facts"]:
            said = accounts(event, language, field)
            yield language.phrase("change.accounts", label=label(language, event, field), accounts=said)


def _is_dispute(change: Change) -> bool:
    return change.field == "certainty" and change.after == Certainty.DISPUTED


def _changed(event: Event, language: Language, change: Change) -> str:
    after, before = change.after, change.before
    if _is_counted(event, change) and isinstance(after, int):
        return _counted(event, language, change, after)
    if change.field == "left_prison" and isinstance(after, bool):
        return let_out_sentence(event, language, out=after) + _by(event, language, change, "change.stated")
    name = label(language, event, change.field)
    was, now = (_text(event, language, change.field, value) for value in (before, after))
    if now is None:
        return language.phrase("change.gone", label=name, before=was or "", told=told_on(event, language))
    said = now + _by(event, language, change, "change.stated", now)
    if was is None:
        return language.phrase("change.new", label=name, after=said)
    return language.phrase("change.other", label=name, before=was, after=said, told=told_on(event, language))


def _is_counted(event: Event, change: Change) -> bool:
    """Is it a number of people, which has a sentence of its own?"""
    return isinstance(change.after, int) and (change.field in SHARES or change.field == COUNTED.get(event.data.kind))


def _counted(event: Event, language: Language, change: Change, after: int) -> str:
    main = change.field == COUNTED.get(event.data.kind)
    precision = _precision(event, change.field, after)
    now = what_happened(event, language, after, precision) if main else share_sentence(
        event, language, change.field, after
    )  # fmt: skip
    by = _by(event, language, change, "change.by")
    if not isinstance(change.before, int):
        return now + by
    before = hedged_number(language, change.before, change.was)
    key = "instead" if main and is_replaced(event, change) else "beside"
    return language.phrase(f"change.{key}", now=now, by=by, before=before, told=told_on(event, language, dated=main))


def _by(event: Event, language: Language, change: Change, key: str, now: str = "") -> str:
    """Who says what it is now, to stand beside that and not after what we wrote before, which nobody else said."""
    voices = _voices(event, change)
    if not voices or (change.field == "authority" and language.party(voices[0].party).name in now):
        return ""
    if len({voice.through for voice in voices}) > 1:
        return language.spoken(key, [(voice.party, voice.through) for voice in voices])
    said, through = language.voices(key, [voice.party for voice in voices]), voices[0].through
    return language.quoted(said[:-1], through) + ")" if said.endswith(")") else language.quoted(said, through)


def _voices(event: Event, change: Change) -> tuple[Voice, ...]:
    """Who says what it is now, and through whom we have it: those who were heard themselves, if there are any."""
    new = _singles(change.after) - _singles(change.before)
    found = [said for said in statements(event, change.field) if _singles(said.value) & new]
    voices = tuple(voice for said in found for voice in said.voices)
    heard = tuple(voice for voice in voices if voice.through is None)
    return heard or voices or ((Voice(change.said_by),) if change.said_by else ())


def _singles(value: Value | None) -> set[int | bool | str]:
    if isinstance(value, tuple):
        return set(value)
    return set() if value is None else {value}


def _text(event: Event, language: Language, field: str, value: Value | None) -> str | None:
    return None if value is None else value_text(language, event, field, value, _precision(event, field, value))


def _precision(event: Event, field: str, value: Value) -> Precision:
    return next((said.precision for said in statements(event, field) if said.value == value), Precision.EXACT)
