"""Release rules: what goes out, what goes out as unconfirmed, what waits; each for a named reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from services.contract import Claim, Facts, Kind, Party, PartyClass, Person, Role, Source, Status
from services.ingest.extraction.doubts import MEANINGS
from services.ingest.release.rules import Action, InvalidRules, Rules, Ruling, load_rules, rule
from services.ingest.reports import Report
from services.ingest.stories import approve, changes_since_announced, hold, place, published, set_aside
from services.names import fold

PRESIDENT = Party(id="president", name="the president's website", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
OTHER_WIRE = Party(id="other-wire", name="Other Wire", party_class=PartyClass.MEDIA)
WIRE = Party(id="sample-wire", name="Sample Wire", party_class=PartyClass.MEDIA)
NOW = datetime(2024, 12, 28, 12, tzinfo=UTC)
RULES_TEXT = (Path(__file__).parents[4] / "infra" / "release_rules.yaml").read_text(encoding="utf-8")


@pytest.fixture
def rules() -> Rules:
    return load_rules(RULES_TEXT)


def _report(
    origin: Party = PRESIDENT,
    kind: Kind = Kind.PARDON,
    name: str | None = None,
    facts: dict[str, int] | None = None,
    outlet: str = "sample-wire",
    *,
    own: bool = False,
) -> Report:
    """`own`: the party says it in a source of its own, by our configuration."""
    facts = facts or ({"pardoned": 20} if kind is Kind.PARDON else {"detained": 1})
    role = Role.PARDONED if kind is Kind.PARDON else Role.DETAINED
    outlet = origin.id if own else outlet
    return Report(
        id=f"rp-{outlet}",
        kind=kind,
        facts=msgspec.convert(facts, Facts),
        claims=tuple(Claim(field=field, value=value, said_by=origin, span=(0, 1)) for field, value in facts.items()),
        persons=(Person(name=name, role=role, key=fold(name), said_by=origin),) if name else (),
        place=None,
        occurred_on=None,
        source=Source(
            name=outlet,
            source_class=origin.party_class if own else PartyClass.MEDIA,
            language="en",
            sha256=f"{outlet} {origin.id}",
            outlet=outlet,
            speaks_for=origin.id if own else None,
            origin=origin,
        ),
        received=NOW,
        published=NOW,
        solicited=False,
        stale=False,
        status=Status.ACTUAL,
    )


def _ruling(report: Report, rules: Rules) -> Ruling:
    return rule(place(report, [], NOW), report, rules)


@pytest.mark.parametrize(
    ("report", "ruling"),
    [
        (_report(PRESIDENT, own=True), Ruling("publish", "own_official_source")),
        (_report(VIASNA, own=True), Ruling("publish", "own_defender_source")),
        (_report(PRESIDENT), Ruling("publish_unconfirmed", "quoted_by_outlets")),
        (_report(VIASNA), Ruling("publish_unconfirmed", "quoted_by_outlets")),
        (_report(WIRE), Ruling("hold", "media_origins_only")),
    ],
)
def test_who_says_it_in_which_source_decides_whether_it_goes_out(report: Report, ruling: Ruling, rules: Rules) -> None:
    assert _ruling(report, rules) == ruling


def test_what_one_outlet_says_by_itself_goes_out_where_the_rules_let_it(rules: Rules) -> None:
    lenient = load_rules(
        RULES_TEXT.replace("media_origins_only, then: hold", "media_origins_only, then: publish_unconfirmed")
    )
    assert _ruling(_report(WIRE), lenient) == Ruling("publish_unconfirmed", "media_origins_only")


def _after(*earlier: Report, rules: Rules) -> Ruling:
    """What the rules say of the last report when those before it were held."""
    story = hold(place(earlier[0], [], NOW).story, "media_origins_only", NOW)
    return rule(place(earlier[1], [story], NOW), earlier[1], rules)


@pytest.mark.parametrize(
    ("second", "ruling"),
    [
        (_report(OTHER_WIRE, outlet="other-wire"), Ruling("publish_unconfirmed", "two_independent_outlets")),
        (_report(VIASNA, outlet="other-wire"), Ruling("publish", "independent_accounts")),
        (_report(PRESIDENT, outlet="other-wire"), Ruling("publish", "independent_accounts")),
        (_report(PRESIDENT, own=True), Ruling("publish", "own_official_source")),
        (_report(WIRE, outlet="other-wire"), Ruling("hold", "media_origins_only")),
        (replace(_report(VIASNA), id="rp2"), Ruling("publish_unconfirmed", "quoted_by_outlets")),
    ],
)
def test_a_second_account_lets_out_what_waited_for_one_if_nobody_stands_in_both(
    second: Report, ruling: Ruling, rules: Rules
) -> None:
    assert _after(_report(WIRE), second, rules=rules) == ruling


def test_ten_outlets_with_the_words_of_one_are_one_origin(rules: Rules) -> None:
    story = hold(place(_report(WIRE), [], NOW).story, "media_origins_only", NOW)
    for number in range(10):
        report = _report(WIRE, outlet=f"wire-{number}")
        placement = place(report, [story], NOW)
        assert rule(placement, report, rules) == Ruling("hold", "media_origins_only")
        story = hold(placement.story, "media_origins_only", NOW)


@pytest.mark.parametrize("doubt", MEANINGS)
def test_a_reading_of_low_confidence_waits_whoever_says_it(doubt: str, rules: Rules) -> None:
    assert _ruling(replace(_report(own=True), doubts=(doubt,)), rules) == Ruling("hold", "unsure_reading")


def test_a_doubtful_quote_of_an_authority_does_not_let_out_what_one_outlet_says_by_itself(rules: Rules) -> None:
    rumoured = replace(_report(PRESIDENT), doubts=("rumour",))
    assert _after(rumoured, _report(WIRE, outlet="other-wire"), rules=rules) == Ruling("hold", "media_origins_only")
    assert _after(_report(PRESIDENT), _report(OTHER_WIRE, outlet="other-wire"), rules=rules).action == "publish"


def test_a_doubtful_quote_does_not_keep_back_what_the_authority_then_says(rules: Rules) -> None:
    rumoured = replace(_report(WIRE), doubts=("rumour",))
    assert _after(rumoured, _report(own=True), rules=rules) == Ruling("publish", "own_official_source")


NAME_WAITS = "name_not_given_firsthand"


def test_the_news_goes_out_without_a_name_that_is_only_quoted(rules: Rules) -> None:
    quoted = _report(VIASNA, Kind.ARREST, name="Ales Bialiatski")
    assert _ruling(quoted, rules) == Ruling("publish_unconfirmed", "quoted_by_outlets", part_waits=NAME_WAITS)
    own = _report(VIASNA, Kind.ARREST, name="Ales Bialiatski", own=True)
    assert _ruling(own, rules) == Ruling("publish", "own_defender_source")


def _named_later(origin: Party = OTHER_WIRE, **facts: int) -> Report:
    return _report(origin, Kind.ARREST, name="Ales Bialiatski", facts={"detained": 6, **facts}, outlet="other-wire")


def test_a_name_that_an_outlet_adds_to_a_told_arrest_waits_alone(rules: Rules) -> None:
    told = published(place(_report(VIASNA, Kind.ARREST, facts={"detained": 6}), [], NOW).story)
    bare = _named_later()
    confirmed = Ruling("publish", "independent_accounts", part_waits=NAME_WAITS)
    assert rule(place(bare, [told], NOW), bare, rules) == confirmed
    firm = published(place(_report(VIASNA, Kind.ARREST, facts={"detained": 6}, own=True), [], NOW).story)
    assert rule(place(bare, [firm], NOW), bare, rules) == Ruling("hold", NAME_WAITS)


def test_a_number_that_one_outlet_gives_otherwise_waits_alone(rules: Rules) -> None:
    told = published(place(_report(own=True, facts={"pardoned": 52}), [], NOW).story)
    lone = _report(facts={"pardoned": 40})
    assert rule(place(lone, [told], NOW), lone, rules) == Ruling("hold", "lone_deviation")


def test_a_released_name_does_not_wait_again_and_the_next_one_does(rules: Rules) -> None:
    first = _report(WIRE, Kind.ARREST, name="Ryhor Kastusiou", facts={"detained": 6})
    told = published(approve(hold(place(first, [], NOW).story, NAME_WAITS, NOW), NOW).story)
    same = replace(first, id="rp3")
    assert rule(place(same, [told], NOW), same, rules) == Ruling("nothing", "nothing_new")
    other = _named_later()
    assert rule(place(other, [told], NOW), other, rules) == Ruling("hold", NAME_WAITS)


def test_a_name_waits_for_nobody_where_the_rules_do_not_hold_it() -> None:
    rules = load_rules(RULES_TEXT.replace(f"{NAME_WAITS}, then: hold", f"{NAME_WAITS}, then: nothing"))
    told = published(place(_report(WIRE, Kind.ARREST, facts={"detained": 6}), [], NOW).story)
    bare = _named_later()
    assert rule(place(bare, [told], NOW), bare, rules) == Ruling("nothing", "nothing_new")


@pytest.mark.parametrize(
    ("aged", "action", "reason"),
    [
        ({"published": NOW - timedelta(days=10)}, "nothing", "old_text"),
        ({"published": None}, "hold", "undated"),
        ({"occurred_on": "2015-08-22"}, "nothing", "old_happening"),
        ({"published": None, "occurred_on": "2015-08-22"}, "nothing", "old_text"),
        ({"stale": True}, "nothing", "old_happening"),
        ({"published": NOW + timedelta(days=40)}, "hold", "date_in_future"),
    ],
)
def test_old_news_alerts_nobody_unless_it_is_read_as_on_its_own_day(
    rules: Rules, aged: dict[str, object], action: Action, reason: str
) -> None:
    report = replace(_report(), **aged)  # type: ignore[arg-type]
    assert _ruling(report, rules) == Ruling(action, reason)
    assert _ruling(replace(report, solicited=True), rules) == Ruling(action, reason)
    assert _ruling(replace(report, solicited=True, as_of=NOW.date()), rules).part_waits is None


def test_a_fresh_text_on_a_happening_that_was_old_when_we_first_heard_of_it_alerts_nobody(rules: Rules) -> None:
    old = replace(_report(facts={"pardoned": 20, "women": 11}), published=NOW - timedelta(days=20))
    known = set_aside(place(old, [], NOW), NOW)
    assert known.state == "old"
    fresh = replace(old, id="rp2", published=NOW, occurred_on=(NOW - timedelta(days=20)).date().isoformat())
    placement = place(fresh, [known], NOW)
    assert (placement.story.id, placement.outcome) == (known.id, "new")
    assert rule(placement, fresh, rules) == Ruling("nothing", "old_happening")
    assert set_aside(placement, NOW).state == "old"


def test_an_old_text_that_adds_to_a_told_story_is_kept_and_told_with_the_next_revision(rules: Rules) -> None:
    told = published(place(_report(), [], NOW).story)
    later = NOW + timedelta(days=8)
    late = replace(_report(facts={"pardoned": 20, "women": 11}), id="rp2", received=later)
    placement = place(late, [told], later)
    assert (placement.outcome, rule(placement, late, rules)) == ("revised", Ruling("nothing", "old_text"))
    kept = set_aside(placement, later)
    assert (kept.state, kept.revision, kept.facts.women) == ("open", 1, 11)
    assert changes_since_announced(kept)


def test_a_fresh_text_without_a_date_of_the_act_is_not_old(rules: Rules) -> None:
    assert _ruling(replace(_report(), published=NOW - timedelta(days=2)), rules).action == "publish_unconfirmed"


@pytest.mark.parametrize(
    "facts", [{"pardoned": 1250}, {"pardoned": 20, "women": 21}, {"pardoned": 20, "women": 11, "men": 12}]
)
def test_numbers_that_cannot_be_wait(rules: Rules, facts: dict[str, int]) -> None:
    assert _ruling(_report(facts=facts), rules) == Ruling("hold", "implausible_number")


def test_a_doubtful_match_waits(rules: Rules) -> None:
    known = published(place(_report(), [], NOW).story)
    report = replace(_report(), id="rp2", published=None, solicited=True, received=NOW + timedelta(days=40))
    assert rule(place(report, [known], NOW), report, rules) == Ruling("hold", "doubtful_match")


def test_a_known_report_and_one_without_news_do_nothing(rules: Rules) -> None:
    report = _report()
    known = published(place(report, [], NOW).story)
    assert rule(place(report, [known], NOW), report, rules) == Ruling("nothing", "known_report")
    second = replace(report, id="rp2")
    assert rule(place(second, [known], NOW), second, rules) == Ruling("nothing", "nothing_new")


def test_names_may_join_a_published_story_long_after_the_act(rules: Rules) -> None:
    known = published(place(replace(_report(), occurred_on="2024-12-28"), [], NOW).story)
    later = NOW + timedelta(days=20)
    naming = replace(
        _report(VIASNA, name="Ryhor Kastusiou", own=True),
        id="rp2",
        facts=Facts(pardoned=20, names_pardoned=("Ryhor Kastusiou",), occurred_on="2024-12-28"),
        occurred_on="2024-12-28",
        published=later,
        received=later,
    )
    placement = place(naming, [known], later)
    assert (placement.outcome, rule(placement, naming, rules).action) == ("revised", "publish")


def test_only_an_operator_lets_go_what_an_operator_held(rules: Rules) -> None:
    held = hold(published(place(_report(), [], NOW).story), "asked by the family", NOW, by_operator=True)
    report = replace(_report(facts={"pardoned": 20, "women": 11}), id="rp2")
    placement = place(report, [held], NOW)
    assert placement.outcome == "revised"
    assert rule(placement, report, rules) == Ruling("hold", "held_by_operator")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("when: undated", "when: undatd", r"rule 8 asks for 'undatd'; `when` is one of: .*undated"),
        ("then: hold", "then: wait", r"\$\.rules\[0\]\.then"),
        ("  pardoned: 1000", "  pardoned: many", r"\$\.limits\.pardoned"),
        ("  pardoned: 1000", "", r"missing required field `pardoned`"),
        ("limits:", "limitts:", r"limitts"),
        ("limits:", "limits: [", r"not YAML"),
    ],
)
def test_rules_that_cannot_be_used_say_where_and_why(before: str, after: str, message: str) -> None:
    with pytest.raises(InvalidRules, match=message):
        load_rules(RULES_TEXT.replace(before, after, 1))
