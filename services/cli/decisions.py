"""The verbs by which an operator decides about a story (`vestka story approve` …); each is written to the audit.

What readers would hear of is shown first, and asked about; see `deciding`.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from services.cli.deciding import How, decide
from services.cli.exits import CliExit, Code
from services.cli.output import Output, OutputOption
from services.contract import ReasonCode
from services.fact_table import NAME_FIELDS
from services.ingest.desk.correction_request import UnusableCorrection, read_correction_request, read_reason, read_why
from services.ingest.desk.decisions import Decision

StoryArgument = Annotated[str, typer.Argument(metavar="ID", help="as 'vestka story list' shows it")]
ReasonOption = Annotated[
    str,
    typer.Option(
        help=f"why, told in each language: {', '.join(ReasonCode)}; or your own words, for readers of theirs",
        callback=lambda text: decision_reason(text),
    ),
]
AuditReason = Annotated[
    str, typer.Option(help="why, for the audit: readers do not see it", callback=lambda text: decision_reason(text))
]
LineOption = Annotated[
    list[str] | None,
    typer.Option("--line", metavar="LANGUAGE=TEXT", help="what readers of a language are told besides; repeatable"),
]
MayReason = Annotated[
    str, typer.Option(help="why, for the audit", callback=lambda text: decision_reason(text, needed=False))
]
As = Annotated[str | None, typer.Option("--as", metavar="NAME", help="who decides; default: VESTKA_OPERATOR")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="only show what would change, the alert and how many would get it")
]
Confirm = Annotated[bool, typer.Option("--confirm", help="do it without asking")]


def register(app: typer.Typer) -> None:
    for verb in (approve, hold, merge, split, correct, retract):
        app.command()(verb)


def approve(
    story_id: StoryArgument,
    reason: MayReason = "",
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Lets a held story go out, with the names in it.

    Example:  vestka story approve arrest-20241203-p2k4vd --confirm
              published arrest-20241203-p2k4vd-r1
    """
    decide(
        lambda desk, who: desk.approve(who, story_id, reason),
        How(by, dry_run, confirm, output),
        lambda _: "approved; it has no news that readers do not have",
    )


def hold(
    story_id: StoryArgument,
    reason: AuditReason,
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Holds a story: nothing more of it goes out until it is approved; who got it is told not to rely on it.

    Example:  vestka story hold pardon-20241228-k7q2mx --reason "the number is being checked" --confirm
              published pardon-20241228-k7q2mx-r2
    """
    decide(lambda desk, who: desk.hold(who, story_id, reason), How(by, dry_run, confirm, output), lambda _: "held")


def merge(
    story_id: StoryArgument,
    other_id: Annotated[str, typer.Argument(metavar="OTHER", help="the same happening; it ends")],
    reason: ReasonOption,
    line: LineOption = None,
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Makes two stories one: the first takes the reports of the other; readers of both are told once.

    Example:  vestka story merge pardon-20241228-k7q2mx pardon-20241229-a3b4cd --reason same_event --confirm
              published pardon-20241228-k7q2mx-r2
    """
    how, lines = How(by, dry_run, confirm, output), own_lines(line)
    decide(lambda desk, who: desk.merge(who, story_id, other_id, reason, lines), how, lambda _: "merged")


def split(
    story_id: StoryArgument,
    report: Annotated[list[str], typer.Option(metavar="REPORT", help="as 'vestka story show' lists it; repeatable")],
    reason: ReasonOption,
    line: LineOption = None,
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes reports out of a story they do not belong to, into one of their own, which is held.

    Example:  vestka story split pardon-20241228-k7q2mx --report rpk7q2mxa3b4cdefgh --reason misread --confirm
              pardon-20241228-h5j6km is held; 'vestka story approve pardon-20241228-h5j6km' lets it go out
    """

    lines = own_lines(line)

    def new_one(decision: Decision) -> str:
        new = decision.stories[-1].id
        return f"{new} is held; 'vestka story approve {new}' lets it go out"

    decide(
        lambda desk, who: desk.split(who, story_id, report, reason, lines), How(by, dry_run, confirm, output), new_one
    )


def correct(
    story_id: StoryArgument,
    field: Annotated[str, typer.Option(help="which fact, like pardoned, detained, occurred_on or place")],
    value: Annotated[str, typer.Option(help="what it is; 'none' where it is not known; - reads it from stdin")],
    reason: ReasonOption,
    said_by: Annotated[
        str | None, typer.Option(metavar="PARTY", help="who says so, like president; default: we")
    ] = None,
    line: LineOption = None,
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Corrects one fact, over all that reports say; readers are told what changed, and why.

    Names of people come from stdin (--value -), where no list of processes shows them.

    Example:  vestka story correct pardon-20241228-k7q2mx --field pardoned --value 22 --reason misread --dry-run
              What changes for readers:
              STORY                   FIELD     BEFORE  AFTER
              pardon-20241228-k7q2mx  pardoned  20      22
              pardon-20241228-k7q2mx-r2 (pardon.updated) would go to 412 readers (email 380, telegram 30, webhook 2)
              …
    """
    lines = own_lines(line)
    if field in NAME_FIELDS and value not in ("-", "none"):
        raise CliExit(
            Code.USAGE, f"{field}: give names on stdin, with --value -, so that no list of processes shows them"
        )
    try:
        request = read_correction_request(field, sys.stdin.read() if value == "-" else value, said_by)
    except UnusableCorrection as error:
        raise CliExit(Code.USAGE, str(error)) from None
    decide(
        lambda desk, who: desk.correct(who, story_id, request, reason, lines),
        How(by, dry_run, confirm, output),
        lambda _: "corrected; readers hear of it with the next revision",
    )


def retract(
    story_id: StoryArgument,
    reason: ReasonOption,
    line: LineOption = None,
    by: As = None,
    dry_run: DryRun = False,
    confirm: Confirm = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Takes a story back: everybody who got it is told, with the reason.

    Example:  vestka story retract pardon-20241228-k7q2mx --reason old_event --confirm
              published pardon-20241228-k7q2mx-r2
    """
    how, lines = How(by, dry_run, confirm, output), own_lines(line)
    decide(lambda desk, who: desk.retract(who, story_id, reason, lines), how, lambda _: "retracted; nobody had got it")


def decision_reason(text: str, *, needed: bool = True) -> str:
    """Readers and the audit see it, so it says something, and no more than over HTTP. Raises CliExit."""
    try:
        return read_reason(text, needed=needed)
    except UnusableCorrection as error:
        raise CliExit(Code.USAGE, f"--{error}") from None


def own_lines(given: list[str] | None) -> dict[str, str]:
    """ "en=…", "ru=…" by language. Raises CliExit."""
    lines = dict(one.partition("=")[::2] for one in given or ())
    try:
        read_why("misread", lines)
    except UnusableCorrection as error:
        raise CliExit(Code.USAGE, f"--{error}") from None
    return lines
