"""`vestka extract` and `vestka stories`: the pure part of ingest, offline, for looking and for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
import typer

from services.cli.arguments import AsOf, day, open_bytes, read_bytes
from services.cli.exits import CliExit, Code
from services.cli.lines import Line, Lines
from services.cli.output import Output, OutputOption, show_json, show_rows
from services.contract import Claim, Kind, PartyClass
from services.ingest.articles import Article, UnreadableItem, decode, item_from_text, to_article
from services.ingest.desk.as_text import as_line
from services.ingest.extraction import Extraction, extract
from services.ingest.news_time import day_in_minsk
from services.ingest.reports import Report, compose_report
from services.ingest.sources.base import Item
from services.ingest.stories import group


def register(app: typer.Typer) -> None:
    app.command(name="extract")(extract_command)
    app.command(name="stories")(stories_command)


def extract_command(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="the article: a file, or - for stdin")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one JSON line in, one JSON line out")] = False,
    as_of: AsOf = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Shows what an article says, claim by claim, without publishing anything. Of two acts in one article the first is
    its kind, and the second stands under "further", as kind, facts and claims.

    Example:  vestka extract article.txt --as-of 2024-12-28
              pardon (en), 2024-12-28
              FIELD     VALUE  PRECISION  SAID BY                  WHERE    WORDS
              pardoned  20     exact      the president's website  112-130  pardoned 20 people
    """
    today = day(as_of)
    if jsonl:
        _show_lines(Lines(open_bytes(file)))
    else:
        _show_one(file, today, output)


def _show_lines(lines: Lines) -> None:
    for line in lines:
        print(json.dumps(_facts_line(line), ensure_ascii=False))
    lines.end()


def _show_one(file: str, today: date | None, output: Output) -> None:
    try:
        article = to_article(item_from_text(decode(read_bytes(file)), received=datetime.now(UTC)))
    except UnreadableItem as error:
        raise CliExit(Code.USAGE, f"{file}: {error}") from None
    extraction = extract(article.text, title=article.title, as_of=today)
    if output is Output.JSON:
        show_json({"id": article.fingerprint[:16], **_document(extraction)})
    else:
        _show(extraction, article)


def stories_command(
    file: Annotated[str, typer.Option("--jsonl", metavar="FILE", help="items, one JSON line each; - for stdin")],
) -> None:
    """Groups items into stories, offline.

    Example:  vestka stories --jsonl items.jsonl
              {"id": "a1", "story": "pardon-20241228-k7q2mx"}
              {"id": "a2", "story": null}
    """
    lines = Lines(open_bytes(file))
    for line, story in _group(list(lines)):
        print(json.dumps({"id": line.id, "story": story}, ensure_ascii=False))
    lines.end()


def _group(lines: list[Line]) -> Iterator[tuple[Line, str | None]]:
    """In the order of the input, which has no say in the grouping."""
    reports = {line.id: report for line in lines if (report := _report(line))}
    found = group(reports)
    return ((line, found.get(line.id)) for line in lines)


def _report(line: Line) -> Report | None:
    article = _article(line)
    return compose_report(article, _extract(article), bare=True) if article else None


def _facts_line(line: Line) -> dict[str, Any]:
    article = _article(line)
    if article is None:
        return {"id": line.id, "kind": Kind.OTHER.value, "language": line.language or "und", "facts": {}, "claims": []}
    return {"id": line.id, **_document(_extract(article))}


def _article(line: Line) -> Article | None:
    when = line.moment()
    item = Item(
        source_id="line",
        source_name="line",
        source_class=PartyClass.MEDIA,
        body=line.text,
        url=line.url,
        published=when,
        language=line.language,
        received=when or datetime.now(UTC),
        solicited=True,
    )
    try:
        return to_article(item)
    except UnreadableItem:
        return None


def _extract(article: Article) -> Extraction:
    return extract(
        article.text,
        title=article.title,
        language=article.language,
        published=day_in_minsk(article.published) if article.published else None,
    )


def _document(extraction: Extraction) -> dict[str, Any]:
    return {
        "kind": extraction.kind.value,
        "language": extraction.language,
        **({"near_miss": True} if extraction.near_miss else {}),
        **_said(extraction),
        **({"further": [_act(each) for each in extraction.further]} if extraction.further else {}),
    }


def _act(extraction: Extraction) -> dict[str, Any]:
    """The second act of a text; the line's own kind, facts and claims are those of the first."""
    return {"kind": extraction.kind.value, **_said(extraction)}


def _said(extraction: Extraction) -> dict[str, Any]:
    return {
        "facts": msgspec.to_builtins(extraction.facts),
        "claims": msgspec.to_builtins(extraction.claims),
    }


def _show(extraction: Extraction, article: Article) -> None:
    print(f"{extraction.kind} ({extraction.language}), {extraction.occurred_on or 'date not stated'}")
    if extraction.near_miss:
        print(f"near miss: {', '.join(extraction.near_miss.vetoes)}: {as_line(extraction.near_miss.sentence)}")
    show_rows([_claim_row(claim, article.text) for claim in extraction.claims], Output.TABLE)
    show_rows([{"person": one.name, "role": one.role.value} for one in extraction.persons], Output.TABLE)
    for each in extraction.further:
        print("and in the same text:")
        _show(each, article)


def _claim_row(claim: Claim, text: str) -> dict[str, Any]:
    start, end = claim.span
    return {
        "field": claim.field,
        "value": claim.value,
        "precision": claim.precision.value,
        "said by": claim.said_by.name,
        "where": f"{start}-{end}",
        "words": text[start:end],
    }
