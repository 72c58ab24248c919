"""An operator's answer makes a report of a near miss, as if reading had found it; and a labelled example. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.contract import Claim, Kind, Party, Person, Precision
from services.fact_table import ACTS
from services.ingest.extraction import Extraction
from services.ingest.extraction.facts import facts_of
from services.ingest.near_misses.kept_near_miss import KeptNearMiss
from services.ingest.reports import Report, compose_report
from services.names import fold
from services.runtime.clock import rfc3339


@dataclass(frozen=True, slots=True)
class ToldByOperator:
    """What an operator says of the act: of `number` and `names` one at least."""

    kind: Kind
    number: int | None
    names: tuple[str, ...]
    said_by: Party
    occurred_on: str | None = None


def report_of_answer(one: KeptNearMiss, told: ToldByOperator) -> Report | None:
    """None where neither number nor name is told."""
    act = ACTS[told.kind]
    people = tuple(Person(name=name, role=act.role, key=fold(name), said_by=told.said_by) for name in told.names)
    claims = tuple(_claims(one, told))
    extraction = Extraction(
        kind=told.kind,
        language=one.seen.language,
        facts=facts_of(told.kind, claims, people, None, None, told.occurred_on),
        claims=claims,
        persons=people,
        occurred_on=told.occurred_on,
    )
    return compose_report(one.article, extraction, outlet=voice_of(one))


def voice_of(one: KeptNearMiss) -> Party:
    """Who speaks where the text names nobody else: its own source."""
    article = one.article
    voice = article.speaks_for or article.outlet or article.source_id
    return Party(id=voice, name=article.source_name, party_class=article.source_class)


def _claims(one: KeptNearMiss, told: ToldByOperator) -> list[Claim]:
    act, span = ACTS[told.kind], one.seen.span
    if told.number is not None:
        return [Claim(field=act.number, value=told.number, said_by=told.said_by, span=span)]
    if not told.names:
        return []
    # Whoever is named and counted by nobody is counted by names.
    count, who = len(told.names), told.said_by
    return [Claim(field=act.number, value=count, said_by=who, span=span, precision=Precision.AT_LEAST)]


def example_of(one: KeptNearMiss) -> dict[str, Any]:
    """The answered near miss as a line of the labelled sets: `benchmarks/accuracy.py` reads them."""
    article, answer = one.article, one.answer
    if answer is None:
        raise ValueError("it has no answer yet")
    act = ACTS.get(answer.kind)
    label: dict[str, Any] = {"kind": answer.kind.value, "event": answer.story}
    if act is not None:
        label |= {
            act.number: answer.number,
            act.names: list(answer.names),
            "attribution": [answer.said_by] if answer.said_by else [],
            "occurred_on": answer.occurred_on,
        }
    return {
        "id": one.id,
        "url": article.url,
        "published": rfc3339(article.published.timestamp())[:10] if article.published else None,
        "language": one.seen.language,
        "text": _whole(article.title, article.text),
        "wording": "verbatim",
        "source": article.source_id,
        "label": label,
        "approximate": [],
        "hard": f"near miss: {', '.join(one.seen.vetoes)}" + (f"; {answer.reason}" if answer.reason else ""),
    }


def _whole(title: str, text: str) -> str:
    return text if not title or text.startswith(title.rstrip("…")) else f"{title}\n\n{text}"
