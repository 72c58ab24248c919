"""What an update changed and what a retraction takes back: said before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from services.contract import Certainty, Change, Event, EventType, Precision, Value
from services.fact_table import NAME_FIELDS
from services.notify.content.alerts.fact_rows import COUNTED, label, spoken
from services.notify.content.alerts.model import MessageKind
from services.notify.content.alerts.statements import Statement, Voice, statements
from services.notify.content.alerts.values import value_text
from services.notify.content.languages import Language

_KINDS = {
    EventType.PARDON_UPDATED: MessageKind.UPDATE,
    EventType.ARREST_UPDATED: MessageKind.UPDATE,
    EventType.STORY_RETRACTED: MessageKind.RETRACTION,
}


def message_kind(event: Event) -> MessageKind:
    return _KINDS.get(event.type, MessageKind.ALERT)


def opening(event: Event, language: Language, headline: str) -> tuple[str, ...]:
    """The sentences an update or a retraction begins with; none for a first alert."""
    kind = message_kind(event)
    if event.data.merged_into:
        told = change_sentences(event, language) if event.data.changes else ()
        return (language.phrase("merged.what"), *told, *_why(event, language))
    if kind is MessageKind.UPDATE:
        return (*change_sentences(event, language), *_why(event, language))
    if kind is MessageKind.RETRACTION:
        withdrawn = language.phrase("withdrawn.what", headline=headline)
        return (withdrawn, *(_why(event, language) or (language.phrase("withdrawn.no_reason"),)))
    return ()


def change_sentences(event: Event, language: Language) -> tuple[str, ...]:
    """ "The number is now 22; it was 20, according to the president's office.", one for each changed fact."""
    main = COUNTED.get(event.data.kind)
    ordered = sorted(_apart_from_disputes(event), key=lambda change: change.field != main)
    sentences = [sentence for change in ordered for sentence in _sentences(event, language, change)]
    return tuple(dict.fromkeys(sentences)) or (language.phrase("change.some"),)


def _apart_from_disputes(event: Event) -> list[Change]:
    """Without the numbers that parties now give differently: another sentence says both, and neither is the one."""
    told = event.data.changes
    if not any(_is_dispute(change) for change in told):
        return list(told)
    return [change for change in told if _is_dispute(change) or len(statements(event, change.field)) < 2]


def _is_dispute(change: Change) -> bool:
    return change.field == "certainty" and change.after == Certainty.DISPUTED


def _sentences(event: Event, language: Language, change: Change) -> tuple[str, ...]:
    """One; of a dispute also who says which number."""
    accounts = _accounts(event, language) if _is_dispute(change) else ()
    return (_sentence(event, language, change), *accounts)


def _accounts(event: Event, language: Language) -> Iterator[str]:
    """ "Pardoned: 20 (the president's website), 22 (Viasna).", for each number that parties give differently."""
    main = COUNTED.get(event.data.kind)
    for field in dict.fromkeys(claim.field for claim in event.data.claims if claim.scope == "act"):
        told = [said for said in statements(event, field) if isinstance(said.value, int) and said.parties]
        if len({said.value for said in told}) > 1 and (field == main or field in language.words["phrases"]["facts"]):
            accounts = language.phrase("list_mark").join(_account(event, language, field, said) for said in told)
            yield language.phrase("change.accounts", label=label(language, field), accounts=accounts)


def _account(event: Event, language: Language, field: str, said: Statement) -> str:
    value = value_text(language, event, field, said.value, said.precision)
    parties = language.listed([spoken(language, voice) for voice in said.voices])
    return language.phrase("change.account", value=value, parties=parties)


def _why(event: Event, language: Language) -> tuple[str, ...]:
    return (language.phrase("withdrawn.why", reason=event.data.reason),) if event.data.reason else ()


def _sentence(event: Event, language: Language, change: Change) -> str:
    if change.field == "certainty":
        return language.phrase("change.plain", change=language.phrase(f"change.certainty.{_certainty(change)}"))
    if change.field in NAME_FIELDS:
        return language.phrase("change.names")  # the names themselves stand below, where the rule on naming applies
    if change.field not in language.words["phrases"]["facts"]:
        return language.phrase("change.some")
    text = _changed(event, language, change)
    voices = _voices(event, change)
    if not voices:
        return language.phrase("change.plain", change=text)
    named = [(language.party(voice.party), voice.through) for voice in voices]
    parties = language.listed([language.relayed(party.name, through) for party, through in named])
    genitive = language.listed([language.relayed(party.genitive, through) for party, through in named])
    return language.phrase("change.by", change=text, parties=parties, genitive=genitive)


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


def _certainty(change: Change) -> str:
    """Which phrase says it."""
    return f"reported_after_{change.before}" if change.after == Certainty.REPORTED else str(change.after)


def _changed(event: Event, language: Language, change: Change) -> str:
    name = label(language, change.field)
    before, after = (_text(event, language, change.field, value) for value in (change.before, change.after))
    if after is None:
        return language.phrase("change.gone", label=name, before=before or "")
    if before is None:
        return language.phrase("change.new", label=name, after=after)
    key = "change.number" if change.field == COUNTED.get(event.data.kind) else "change.other"
    return language.phrase(key, label=name, before=before, after=after)


def _text(event: Event, language: Language, field: str, value: Value | None) -> str | None:
    if value is None:
        return None
    hedges = (said.precision for said in statements(event, field) if said.value == value)
    return value_text(language, event, field, value, next(hedges, Precision.EXACT))
