"""What stands before everything else: an update's changes, our own error, what is taken back, held or joined."""

from __future__ import annotations

from msgspec import structs

from services.contract import Change, Event, EventType, Kind, Precision, ReasonCode, Value
from services.fact_table import NAME_FIELDS
from services.notify.content.alerts.acts import act_of
from services.notify.content.alerts.changes import change_sentences, told_on
from services.notify.content.alerts.concerned import nameable, shown
from services.notify.content.alerts.fact_rows import COUNTED, label
from services.notify.content.alerts.headline import accounts, is_told_by_name, own_name
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.statements import Statement, statements
from services.notify.content.alerts.values import counted_people, sentence_case, value_text, where_words
from services.notify.content.languages import Language

_KINDS = {
    EventType.PARDON_UPDATED: MessageKind.UPDATE,
    EventType.ARREST_UPDATED: MessageKind.UPDATE,
    EventType.STORY_MERGED: MessageKind.UPDATE,
    EventType.STORY_RETRACTED: MessageKind.RETRACTION,
    EventType.STORY_HELD: MessageKind.HOLD,
}
_NO_LONGER_SO = frozenset({ReasonCode.MISREAD, ReasonCode.OLD_EVENT, ReasonCode.WRONG_PLACE})
"""Reasons by which we know that what we told did not happen there and then."""


def message_kind(event: Event) -> MessageKind:
    return _KINDS.get(event.type, MessageKind.ALERT)


def opening(event: Event, language: Language, told: str, *, names_told: bool = False) -> tuple[str, ...]:
    """The sentences that a message begins with; none for a first alert. `told`: the headline. `names_told`: a sentence
    before them gives the new names."""
    kind = message_kind(event)
    if kind is MessageKind.RETRACTION:
        return (*_withdrawn(event, language, told), *_why(event, language))
    if kind is MessageKind.HOLD:
        return _held(event, language, told)
    if kind is MessageKind.ALERT and not event.data.merged_into:
        return ()
    changes = _changes(event, language, names_told=names_told)
    return (*_first(event, language, told), *changes, *_why(event, language))


def own_words(event: Event, language: Language) -> str:
    return event.data.reason_lines.get(language.code, "")


def is_correction(event: Event) -> bool:
    """Did we have it wrong, and not the source?"""
    return any(change.ours for change in event.data.changes)


def _first(event: Event, language: Language, told: str) -> tuple[str, ...]:
    if event.data.merged_from:
        return _one_event(event, language)
    if event.data.merged_into:
        return (language.phrase("merged.what"),)
    if event.data.ends_hold:
        return (language.phrase("hold.ended", headline=told, told=told_on(event, language)),)
    return ()


def _changes(event: Event, language: Language, *, names_told: bool) -> tuple[str, ...]:
    if names_told:
        event = _without_names(event)
    if is_correction(event):
        mistakes = tuple(_our_error(event, language, change) for change in event.data.changes if change.ours)
        others = tuple(change for change in event.data.changes if not change.ours and change.field != "certainty")
        return (*mistakes, *(change_sentences(_with(event, others), language) if others else ()))
    data = event.data
    silent = data.ends_hold or data.merged_into or data.merged_from or names_told
    return () if silent and not data.changes else change_sentences(event, language)


def _without_names(event: Event) -> Event:
    return _with(event, tuple(change for change in event.data.changes if change.field not in NAME_FIELDS))


def _with(event: Event, changes: tuple[Change, ...]) -> Event:
    return structs.replace(event, data=structs.replace(event.data, changes=changes))


def _our_error(event: Event, language: Language, change: Change) -> str:
    """ "Correction. We were wrong: on 28 December 2024 we wrote 20. The president's office said 22."."""
    before, after = (_value(event, language, change.field, one) for one in (change.before, change.after))
    is_number = change.field == COUNTED.get(event.data.kind)
    plain = label(language, event, change.field)
    name = "" if is_number else language.phrase("correction.label", label=plain)
    wrote = language.phrase(
        "correction.wrote" if before else "correction.left_out",
        label=name if before else plain,
        before=before,
        told=told_on(event, language),
    )
    if not after:
        return language.phrase(
            "correction.whole", wrote=wrote, said=sentence_case(language.phrase("correction.nobody"))
        )
    voices = [voice for said in statements(event, change.field) if said.value == change.after for voice in said.voices]
    voice = next(iter(voices), None)
    said = (
        language.said("correction.said", [voice.party], voice.through, after=after)
        if voice and voice.party.id != "vestka"
        else language.phrase("correction.is", after=after)
    )
    return language.phrase("correction.whole", wrote=wrote, said=sentence_case(said))


def _value(event: Event, language: Language, field: str, value: Value | None) -> str:
    if value is None:
        return ""
    precision = next((one.precision for one in statements(event, field) if one.value == value), Precision.EXACT)
    return value_text(language, event, field, value, precision)


def _one_event(event: Event, language: Language) -> tuple[str, ...]:
    """ "These are one event: our alerts of 10 and 13 November 2024 tell of the same pardon. BelTA says 17, …"."""
    moments = sorted(moment for moment in (event.data.replaced_at, event.data.merged_at) if moment)
    days = [day for moment in moments if (day := language.date(moment))]
    dates = language.listed(list(dict.fromkeys(days)))
    noun = language.phrase(f"merged.noun.{act_of(event)}")
    key = "merged.one" if days else "merged.one_undated"
    counts = [said for said in statements(event, COUNTED[event.data.kind]) if said.parties]
    numbers = (
        language.phrase("merged.numbers", accounts=accounts(event, language, COUNTED[event.data.kind]))
        if len({said.value for said in counts}) > 1
        else language.phrase("merged.do_not_add")
    )
    return (language.phrase(key, dates=dates, noun=noun), sentence_case(numbers))


def _held(event: Event, language: Language, told: str) -> tuple[str, ...]:
    return (language.phrase("hold.what", headline=told, told=told_on(event, language)), language.phrase("hold.next"))


def _withdrawn(event: Event, language: Language, told: str) -> tuple[str, ...]:
    """What is true, where the reason tells it, and when we said otherwise; else that we cannot stand by it."""
    date = language.date(event.data.occurred_on or event.data.headline_facts.occurred_on)
    where = where_words(language, event) if event.data.kind is Kind.ARREST else ""
    wrong = event.data.reason_code in _NO_LONGER_SO and bool(date or where)
    if not wrong or event.data.kind is Kind.OTHER:
        return (language.phrase("withdrawn.cannot_stand", headline=told, told=told_on(event, language)),)
    when = language.phrase("sentence.when", date=date) if date else ""
    nobody = _was_not(event, language, where, when)
    return (
        language.phrase("withdrawn.not_true", nobody=nobody),
        language.phrase("withdrawn.we_said", said=_said_then(event, language), told=told_on(event, language)),
    )


def _was_not(event: Event, language: Language, where: str, when: str) -> str:
    """ "nobody was detained in Gomel on 14 January"; of one or two whom the headline named, that it was not they: of
    others we know nothing."""
    act, named = act_of(event), nameable(event)
    if not is_told_by_name(event):
        return language.phrase(f"withdrawn.nobody.{act}", where=where, when=when)
    names = language.listed([own_name(one.names, one.name, language) for one in named])
    return language.plural(f"withdrawn.named_not.{act}", len(named), names=names, where=where, when=when)


def _said_then(event: Event, language: Language) -> str:
    """ "3 people were", to follow "that"."""
    counts: tuple[Statement, ...] = statements(event, COUNTED[event.data.kind])
    named = nameable(event)
    if counts and isinstance(counts[0].value, int):
        number = counts[0].value
        people = counted_people(language, number, counts[0].precision)
        hedged = "" if counts[0].precision is Precision.EXACT else "_hedged"
        return language.plural(f"withdrawn.then.{act_of(event)}{hedged}", number, people=people)
    if named:
        people = language.listed([shown(language, one) for one in named])
        return language.plural(f"withdrawn.named.{act_of(event)}", len(named), people=people)
    return language.plural(f"withdrawn.then.{act_of(event)}", 2, people=language.phrase("withdrawn.somebody"))


def _why(event: Event, language: Language) -> tuple[str, ...]:
    if event.data.reason_code is not None:
        own, told_already = own_words(event, language), event.data.merged_from is not None
        reason = () if told_already else (language.phrase(f"reason.{event.data.reason_code}"),)
        return (*reason, *([own] if own else []))
    if event.data.reason_lines:
        own = own_words(event, language)
        return (language.phrase("withdrawn.why", reason=own),) if own else ()
    return (language.phrase("withdrawn.why", reason=event.data.reason),) if event.data.reason else ()
