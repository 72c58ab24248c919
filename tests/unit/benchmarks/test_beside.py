"""What a run of `make bench` makes of its rounds; and the far side, which everybody is measured against."""

from __future__ import annotations

import http.client
import re
import smtplib
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import pytest

from benchmarks.beside import goals
from benchmarks.beside.cases import CASES, is_of, seconds_for
from benchmarks.beside.machine import Machine
from benchmarks.beside.packages import LOCK
from benchmarks.beside.peers import Ground
from benchmarks.beside.plan import Plan
from benchmarks.beside.plot import bars
from benchmarks.beside.report import ratio, summary, write
from benchmarks.beside.results import Results, Row
from benchmarks.beside.sink import Sink


def rows(**each: list[float]) -> dict[str, list[Row]]:
    return {who: [{"per_s": value, "got": 1.0, "wanted": 1.0} for value in values] for who, values in each.items()}


def test_a_ratio_is_taken_within_each_round() -> None:
    assert ratio(rows(vestka=[10, 40, 90], other=[10, 20, 30]), "vestka", "other", "per_s") == "2.00 (1.00 to 3.00)"
    assert ratio(rows(vestka=[10]), "vestka", "other", "per_s") is None


def test_what_did_not_arrive_is_told_and_who_was_skipped_is_named(tmp_path: Path) -> None:
    results = Results(
        rows={"webhooks": rows(vestka=[10, 12], floor=[20, 20])}, skipped={"webhooks": {"celery": "gone"}}
    )
    results.rows["webhooks"]["vestka"][0]["got"] = 0.0
    assert "webhooks: vestka: 0 of 1 arrived" in summary(results)
    write(results, tmp_path, 2, quick=True)
    page = (tmp_path / "README.md").read_text()
    assert "0 of 1 arrived" in page
    assert "celery was skipped: gone" in page
    assert "mean nothing" in page
    [picture] = re.findall(r"\(pictures/(.*?)\)", page)
    assert (tmp_path / "pictures" / picture).exists()


def test_a_picture_is_whole_and_its_longest_bar_within_it() -> None:
    drawn = ElementTree.fromstring(bars("a < b", {"vestka": [1, 2, 900], "<other>": [3]}))
    width = float(drawn.attrib["viewBox"].split()[2])
    lines = [float(one.attrib["x2"]) for one in drawn.iter() if one.tag.endswith("line")]
    assert len(lines) == 2
    assert max(lines) < width


def test_the_packages_of_peers_are_pinned_with_hashes_and_no_address() -> None:
    text = LOCK.read_text()
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[\S+\])?==\S+.*(?:\n    --hash=\S+.*)+", text, flags=re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]\S*", text, flags=re.MULTILINE))
    assert "://" not in text


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Machine() as machine:
        far_side = Sink(machine)
        yield far_side
        far_side.stop()


def test_the_far_side_counts_calls_and_letters_however_they_are_cut(sink: Sink) -> None:
    call = b"POST /r/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nT0=1; "
    with socket.create_connection(("127.0.0.1", sink.http)) as whole:
        whole.sendall(call + call + call[:30])
        whole.sendall(call[30:])
        got = b""
        while got.count(b"204 No Content") < 3:
            got += whole.recv(4096)
    with smtplib.SMTP("127.0.0.1", sink.smtp) as mail:
        for _ in range(2):
            mail.sendmail("a@example.org", ["b@example.org"], b"Subject: x\r\n\r\n.dot\r\nend")
    seen = sink.seen()
    assert (seen.requests, seen.letters, seen.timed) == (3, 2, 3)
    sink.forget()
    assert sink.seen().requests == 0


def test_the_stand_in_takes_thirty_in_a_second_and_one_of_a_chat(sink: Sink) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", sink.http)

    def send(chat: int) -> int:
        asking.request("POST", "/bot1:x/sendMessage", f'{{"chat_id":"{chat}","text":"x"}}')
        answer = asking.getresponse()
        answer.read()
        return answer.status

    assert [send(5), send(5)] == [200, 429]
    assert 429 in [send(100 + number) for number in range(30)]
    asking.close()


def test_whether_the_bot_is_known_is_no_message(sink: Sink) -> None:
    asking = http.client.HTTPConnection("127.0.0.1", sink.http)
    for verb in ("GET", "POST"):
        asking.request(verb, "/bot1:x/getMe")
        assert b"bench_bot" in asking.getresponse().read()
    asking.close()
    seen = sink.seen()
    assert (seen.requests, seen.taken, seen.first_ns) == (0, 0, 0)


def test_a_goal_says_whether_it_is_kept_and_by_how_much_it_is_missed() -> None:
    rows = {
        "webhooks 1 to 100": {"vestka": [{"per_s": 130.0}, {"per_s": 120.0}], "alertmanager": [{"per_s": 100.0}] * 2},
        "store": {"vestka": [{"redis_us": 15.0}]},
        "growth, 100 ask": {"1,000": [{"cpu_s": 0.1}], "10,000": [{"cpu_s": 0.05}], "100,000": [{"cpu_s": 0.2}]},
    }
    told = goals.table(rows).splitlines()[2:]
    assert [line.split(" | ")[1:3] for line in told] == [["≥ 1.2", "1.25"], ["≤ 1.15", "2"], ["≤ 10", "15"]]
    assert [line.split(" | ")[3][:12] for line in told] == ["yes |", "no, 1.74 of ", "no, 1.50 of "]


def test_what_waited_is_held_against_what_did_not() -> None:
    rows = {"drain": {"vestka": [{"per_s": 3_000.0}]}, "email 1 to 10000": {"vestka": [{"per_s": 4_000.0}]}}
    [line] = goals.table(rows).splitlines()[2:]
    assert line.startswith("| after an outage, beside email 1 to 10,000 | ≥ 0.9 | 0.75 | no, 0.83 of it")


def test_what_was_not_measured_is_no_goal_missed() -> None:
    assert goals.table({}) == ""
    assert goals.table({"webhooks 1 to 100": {"vestka": [{"per_s": 130.0}]}}) == ""


def test_each_case_has_its_part_of_the_time_and_the_last_all_that_is_left() -> None:
    names = list(CASES)
    left = 3_600.0
    for place in range(len(names)):
        own = seconds_for(names[place:], 2, left)
        assert 0 < own <= left
        left -= own
    assert left == pytest.approx(0)


def test_two_rounds_of_all_leave_room_in_the_time_that_the_makefile_names() -> None:
    wanted = sum(case.first + 2 * case.each for case in CASES.values())
    assert wanted < 0.85 * 35 * 60


def test_where_time_is_short_the_first_cases_are_whole_and_the_last_ones_left_out() -> None:
    names = list(CASES)
    first = CASES[names[0]]
    assert seconds_for(names, 2, 300.0) == first.first + first.each
    assert seconds_for(names, 2, 10.0) == 10.0


def test_what_is_kept_of_a_run_is_all_but_what_is_measured_anew(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    assert Results.kept(file) == Results()
    Results(rows={"drain": rows(vestka=[1.0]), "webhooks 1 to 100": rows(vestka=[2.0])}).keep(file)
    kept = Results.kept(file).without(partial(is_of, ["webhooks"]))
    assert kept == Results(rows={"drain": rows(vestka=[1.0])})


def a_plan(seconds_left: float, rounds: int = 3) -> Plan:
    """For what needs no ground."""
    nowhere = cast("Ground", None)
    return Plan(nowhere, Results(), rounds, quick=False, who=frozenset(), until=time.monotonic() + seconds_left)


def test_what_would_not_be_done_in_time_is_left_out_by_name() -> None:
    plan = a_plan(1_000)
    assert plan.has_time("drain", 10)
    assert not plan.has_time("drain", 2_000)
    assert plan.results.skipped == {"drain": {"all": "no time was left for it"}}


def test_rounds_end_where_time_does_and_what_was_begun_has_one() -> None:
    plan = a_plan(1_000)
    plan.results.rows["two"] = {}
    assert list(plan.in_rounds("two", 10)) == [0, 1, 2]
    assert list(plan.in_rounds("two", 10, most=2)) == [0, 1]
    assert list(plan.in_rounds("two", 2_000)) == [0]
    assert plan.results.skipped == {}


def test_a_case_that_was_left_out_is_named_on_the_page(tmp_path: Path) -> None:
    write(Results(skipped={"growth": {"all": "no time was left for it"}}), tmp_path, 1, quick=False)
    assert "growth: all was skipped: no time was left for it" in (tmp_path / "README.md").read_text()


def test_waiting_ends_when_all_is_there_or_nothing_comes_any_more(sink: Sink) -> None:
    assert sink.wait("webhook", 0, patience=60).requests == 0
    assert sink.wait("webhook", 1, patience=60, standing_still=0.01).requests == 0
    assert sink.wait("webhook", 1, patience=0).requests == 0
