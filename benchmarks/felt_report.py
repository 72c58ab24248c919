"""Prints what a reader feels of the reading: what goes out, waits and is lost, and each false statement by its item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.fate import fate_of, watched
from benchmarks.felt import Fate, Fates, count_fates, count_story_fates, false_statements, score_act
from services.contract import PartyClass

Item = Mapping[str, Any]
Found = Mapping[str, Mapping[str, Any]]

OURS: Final = ("en", "ru", "be")
_OWN: Final = {PartyClass.DEFENDER: "a rights group's", PartyClass.OFFICIAL: "an authority's"}


def world_of(item: Item) -> str:
    """Facts told anew for measuring are one world; pages as they stood, whole or in excerpt, the other."""
    return "restated" if item.get("wording") == "restated" else "real"


def show_felt(items: Sequence[Item], found: Found) -> None:
    """`items` with labels; `found`: what `vestka extract` answers, by id."""
    for world in ("restated", "real"):
        for name, ours in (("en, ru, be", True), ("other languages", False)):
            row = [item for item in items if world_of(item) == world and (item["language"] in OURS) is ours]
            if row:
                print(f"\n{world}, {name}: {len(row)} items")
                _show_world(row, found)
    _show_false_statements(items, found)


def _show_world(row: Sequence[Item], found: Found) -> None:
    news = [item for item in row if item["label"]["kind"] != "other"]
    none = [item for item in row if item["label"]["kind"] == "other"]
    fates = {item["id"]: fate_of(item, found[item["id"]]) for item in row}
    _show_fates("true items", count_fates(fates[item["id"]] for item in news))
    _show_fates("true stories", count_story_fates((item["label"].get("event"), fates[item["id"]]) for item in news))
    for party_class, whose in _OWN.items():
        _show_fates(f"true items, as {whose} text", _fates_as(party_class, news, found))
    _show_fates("no news", count_fates(fates[item["id"]] for item in none))
    for party_class, whose in _OWN.items():
        _show_fates(f"no news, as {whose} text", _fates_as(party_class, none, found))
    for kind, (number, names) in score_act((item["label"], found[item["id"]]["facts"]) for item in row).items():
        print(f"  {kind}: number P {number.precision:.3f} R {number.recall:.3f},"
              f" names P {names.precision:.3f} R {names.recall:.3f}")  # fmt: skip
    said = sum(len(_false(item, found)) for item in row)
    print(f"  false statements for 100 items: {100 * said / len(row):.1f} ({said})")


def _fates_as(party_class: PartyClass, row: Sequence[Item], found: Found) -> Fates:
    origin = watched().first(party_class)
    return count_fates(fate_of(item, found[item["id"]], origin) for item in row)


def _show_fates(title: str, fates: Fates) -> None:
    shares = (f"{_CALLED[fate]} {100 * fates.share(fate):.1f}% ({getattr(fates, fate.value)})" for fate in Fate)
    print(f"  {title}, {fates.total}: {', '.join(shares)}" if fates.total else f"  {title}: none")


_CALLED: Final = {Fate.OUT: "go out", Fate.WAITS: "wait", Fate.DROPPED: "seen by nobody"}


def _false(item: Item, found: Found) -> list[tuple[str, Any]]:
    got = found[item["id"]]
    return false_statements(item["label"], got["kind"], got["facts"])


def _show_false_statements(items: Sequence[Item], found: Found) -> None:
    """By item, field and value; never the text, which is not ours to show."""
    print("\nfalse statements")
    for item in items:
        said = ", ".join(f"{field} {value!r}" for field, value in _false(item, found))
        if said:
            print(f"  {item['id']} ({item['language']}, {world_of(item)}): {said}")
