"""`make accuracy`: what `vestka extract` and `vestka stories` find in labelled items, beside what is there.

    python -m benchmarks.accuracy [FILE …] [--items FILE] [--misses] [--language en]

A file holds one JSON object a line: `id`, `text`, `language`, `published`, `url`, `wording` and `label`. Without a file
it takes the corpus beside the repository, and says so and ends well where there is none. The commands are asked as a
user would ask them, in a process of their own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.felt_report import show_felt
from benchmarks.scoring import (
    WHERE_AND_WHAT_FOR,
    Tally,
    macro_f1,
    score_details,
    score_names,
    score_numbers,
    score_pairs,
)
from services.fact_table import NAME_FIELDS, NUMBERS

CORPUS: Final = Path(__file__).parents[2] / "shared" / "corpus" / "dev.jsonl"
TARGETS: Final = {"kind F1": 0.95, "numbers P": 0.98, "numbers R": 0.92, "names P": 0.92, "names R": 0.85}
OURS: Final = ("en", "ru", "be")

Item = Mapping[str, Any]


def main() -> int:
    chosen = read_arguments(sys.argv[1:])
    files = files_of(chosen)
    if files == [CORPUS] and not CORPUS.exists():
        print(f"accuracy: skipped, {CORPUS.name} is not there", file=sys.stderr)
        return 0
    items = [json.loads(line) for file in files for line in file.read_text().splitlines() if line.strip()]
    items = [item for item in items if chosen.language in (None, item["language"])]
    found = _ask("extract", items)
    _show_extraction(items, found)
    _show_stories(items)
    show_felt(items, found)
    if chosen.misses:
        _show_misses(items, found)
    return 0


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How right extraction and stories are, on labelled items.")
    parser.add_argument("files", nargs="*", type=Path, help=f"JSON lines; without: {CORPUS.name} beside the repository")
    parser.add_argument("--items", action="append", default=[], type=Path, help="a file of the same form (repeatable)")
    parser.add_argument("--misses", action="store_true", help="each item that was read otherwise than its label says")
    parser.add_argument("--language", help="only the items in this language")
    return parser.parse_args(arguments)


def files_of(chosen: argparse.Namespace) -> list[Path]:
    """Those that were named, else the corpus beside the repository."""
    return [*chosen.files, *chosen.items] or [CORPUS]


def _ask(command: str, items: Sequence[Item]) -> dict[str, Any]:
    """What the command answers to the items without their labels, by id."""
    given = ("id", "text", "language", "published", "url")
    lines = "".join(json.dumps({key: item.get(key) for key in given}) + "\n" for item in items)
    arguments = ["--jsonl", "-"] if command == "stories" else ["-", "--jsonl"]
    vestka = [sys.executable, "-m", "services.cli", command, *arguments]
    done = subprocess.run(vestka, input=lines, capture_output=True, text=True, check=True)
    return {(answer := json.loads(line))["id"]: answer for line in done.stdout.splitlines()}


def _show_extraction(items: Sequence[Item], found: Mapping[str, Any]) -> None:
    print(f"{'language':9} {'wording':9} {'items':>5}  {'kind':>5} {'F1':>6}  {'numbers P':>9} {'R':>6}"
          f"  {'names P':>8} {'R':>6}")  # fmt: skip
    languages = [*OURS, *sorted({item["language"] for item in items} - {*OURS})]
    for language in languages:
        for wording in ("restated", "verbatim", "real", None):
            row = [item for item in items
                   if item["language"] == language and wording in (None, item.get("wording"))]  # fmt: skip
            if row and not (wording is None and language not in OURS):
                _show_row(language, wording or "all", row, found)
    print("targets for en, ru, be:", ", ".join(f"{name} ≥ {least}" for name, least in TARGETS.items()))
    _show_fields(items, found)
    _show_details(items, found)


def _show_details(items: Sequence[Item], found: Mapping[str, Any]) -> None:
    """Where people were detained, by whom and for what, in the items that are read as the arrests they are."""
    print(f"{'language':9} {'arrests':>7}", *(f"{name + ' P':>19} {'R':>6}" for name in WHERE_AND_WHAT_FOR))
    for language in OURS:
        row = [item for item in items if item["language"] == language and item["label"]["kind"] == "arrest"]
        row = [item for item in row if found[item["id"]]["kind"] == "arrest"]
        tallies = {name: Tally() for name in WHERE_AND_WHAT_FOR}
        for item in row:
            for name, tally in score_details(item["label"], found[item["id"]]["facts"]).items():
                tallies[name].add(tally)
        rates = (f"{one.precision:19.3f} {one.recall:6.3f}" for one in tallies.values())
        print(f"{language:9} {len(row):7}", *rates)


def _show_row(language: str, wording: str, items: Sequence[Item], found: Mapping[str, Any]) -> None:
    pairs = [(item["label"]["kind"], found[item["id"]]["kind"]) for item in items]
    numbers, names = Tally(), Tally()
    for item in items:
        facts = found[item["id"]]["facts"]
        for tally in score_numbers(item["label"], facts).values():
            numbers.add(tally)
        names.add(score_names(item["label"], facts))
    right = sum(label == got for label, got in pairs)
    print(f"{language:9} {wording:9} {len(items):5}  {right:5} {macro_f1(pairs):6.3f}"
          f"  {numbers.precision:9.3f} {numbers.recall:6.3f}  {names.precision:8.3f} {names.recall:6.3f}")  # fmt: skip


def _show_fields(items: Sequence[Item], found: Mapping[str, Any]) -> None:
    """Each number over our three languages, as hits/false/missed."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for item in items:
        if item["language"] in OURS:
            for field, tally in score_numbers(item["label"], found[item["id"]]["facts"]).items():
                tallies[field].add(tally)
    counts = (f"{field} {one.hits}/{one.false_finds}/{one.misses}" for field, one in tallies.items())
    print("by field, right/false/missed:", ", ".join(counts))


def _show_stories(items: Sequence[Item]) -> None:
    placed = _ask("stories", items)
    for name, some in (("en, ru, be", OURS), ("every language", None)):
        rows = [item for item in items if some is None or item["language"] in some]
        news = [item for item in rows if item["label"]["kind"] != "other"]
        _show_pairs(f"stories ({name}; pardons and arrests)", news, placed)
        # A label may give an event to an item that is no news of it; such an item is due no story.
        _show_pairs(f"stories ({name}; every item)", rows, placed)
        pardons = [item for item in news if item["label"]["kind"] == "pardon"]
        print(f"two decrees made one ({name}): {_pairs(pardons, placed)[1]} stories")


def _pairs(items: Sequence[Item], placed: Mapping[str, Any]) -> tuple[Tally, int]:
    return score_pairs([(item["label"].get("event"), placed[item["id"]]["story"]) for item in items])


def _show_pairs(title: str, items: Sequence[Item], placed: Mapping[str, Any]) -> None:
    tally, mixed = _pairs(items, placed)
    counts = f"{tally.hits} right, {tally.false_finds} false, {tally.misses} missed"
    print(f"{title}: pairs F1 {tally.f1:.3f} P {tally.precision:.3f} R {tally.recall:.3f} ({counts}), {mixed} mixed")


def _show_misses(items: Sequence[Item], found: Mapping[str, Any]) -> None:
    for item in items:
        label, got = item["label"], found[item["id"]]
        fields = [(field, label.get(field), got["facts"].get(field)) for field in NUMBERS]
        wrong = [f"{field}: {due!r} but {seen!r}" for field, due, seen in fields if due != seen]
        if label["kind"] != got["kind"]:
            wrong.insert(0, f"kind: {label['kind']} but {got['kind']}")
        names = score_names(label, got["facts"])
        if names.misses or names.false_finds:
            due, seen = (
                [name for field in NAME_FIELDS for name in where.get(field) or ()] for where in (label, got["facts"])
            )
            wrong.append(f"names: {due} but {seen}")
        for name, tally in score_details(label, got["facts"]).items() if label["kind"] == got["kind"] else ():
            if tally.misses or tally.false_finds:
                wrong.append(f"{name}: {label.get(name)!r} but {got['facts'].get(name)!r}")
        if wrong:
            print(f"\n{item['id']} ({item['language']}, {item.get('wording')}): {'; '.join(wrong)}\n  {item['text']}")


if __name__ == "__main__":
    sys.exit(main())
