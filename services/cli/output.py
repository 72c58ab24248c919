"""What a command prints: data on stdout, as a table for people or as JSON for programs; messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer


class Output(StrEnum):
    TABLE = "table"
    JSON = "json"


OutputOption = Annotated[Output, typer.Option("--output", "-o", help="table for people, json for programs")]


def show_rows(rows: Sequence[Mapping[str, Any]], output: Output) -> None:
    """One row a line; a table's columns are the first row's keys."""
    if output is Output.JSON:
        show_json(list(rows))
        return
    for line in table(rows):
        print(line)


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Its lines, the header first; none where there are no rows."""
    if not rows:
        return []
    header = list(rows[0])
    lines = [[name.upper() for name in header], *([_cell(row.get(name)) for name in header] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def show_record(record: Mapping[str, Any], output: Output) -> None:
    if output is Output.JSON:
        show_json(record)
        return
    width = max(len(name) for name in record)
    for name, value in record.items():
        print(f"{name.ljust(width)}  {_cell(value)}")


def show_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """A message for the person at the terminal."""
    print(text, file=sys.stderr)


def _cell(value: Any) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case str():
            return " ".join(value.split())
        case list() | tuple():
            return ", ".join(_cell(one) for one in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
