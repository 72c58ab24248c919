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
from services.ingest.stories import approve, changes_since_told, hold, place, published, set_aside
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
    origin: Party = PRESIDENT, kind: Kind = Kind.PARDON, name: str | None = None, facts: dict[str, int] | None = None
) -> Report:
    facts = facts or ({"pardoned": 20} if kind is Kind.PARDON else {"detained": 1})
    role = Role.PARDONED if kind is Kind.PARDON else Role.DETAINED
    return Report(
        id="rp1",
        kind=kind,
        facts=msgspec.convert(facts, Facts),
        claims=tuple(Claim(field=field, value=value, said_by=origin, span=(0, 1)) for field, value in facts.items()),
        persons=(Person(name=name, role=role, key=fold(name), said_by=origin),) if name else (),
        place=None,
        occurred_on=None,
        source=Source(name="Sample Wire", source_class=PartyClass.MEDIA, language="en", sha256="00"),
        origin=origin,
        direct=False,
        received=NOW,
        published=NOW,
        solicited=False,
        stale=False,
        status=Status.ACTUAL,
    )


def _ruling(report: Report, rules: Rules) -> Ruling:
    return rule(place(report, [], NOW), report, rules)


def test_what_an_authority_says_goes_out_through_whomever_it_is_heard(rules: Rules) -> None:
    assert _ruling(_report(PRESIDENT), rules) == Ruling("publish", "official_origin")


def test_what_one_rights_group_says_goes_out_as_reported(rules: Rules) -> None:
    assert _ruling(_report(VIASNA), rules) == Ruling("publish_unconfirmed", "defender_origin")


def test_what_one_outlet_says_by_itself_waits_unless_the_rules_let_it_out(rules: Rules) -> None:
    assert _ruling(_report(WIRE), rules) == Ruling("hold", "media_origins_only")
    lenient = load_rules(
        RULES_TEXT.replace("media_origins_only, then: hold", "media_origins_only, then: publish_unconfirmed")
    )
    assert _ruling(_report(WIRE), lenient) == Ruling("publish_unconfirmed", "media_origins_only")


def _after(*earlier: Report, rules: Rules) -> Ruling:
    """What the rules say of the last report when those before it were held."""
    story = hold(place(earlier[0], [], NOW).story, "media_origins_only", NOW)
    return rule(place(earlier[1], [story], NOW), earlier[1], rules)


def test_a_second_origin_lets_a_report_out_that_waited_for_one(rules: Rules) -> None:
    first = _report(WIRE)
    assert _after(first, _said_by(OTHER_WIRE), rules=rules) == Ruling("publish_unconfirmed", "two_media_origins")
    assert _after(first, _said_by(VIASNA), rules=rules) == Ruling("publish", "two_independent_origins")
    assert _after(first, _said_by(PRESIDENT), rules=rules) == Ruling("publish", "official_origin")


def test_ten_outlets_with_the_words_of_one_are_one_origin(rules: Rules) -> None:
    story = hold(place(_report(WIRE), [], NOW).story, "media_origins_only", NOW)
    for number in range(10):
        report = replace(_said_by(WIRE), id=f"rp{number + 2}")
        placement = place(report, [story], NOW)
        assert rule(placement, report, rules) == Ruling("hold", "media_origins_only")
        story = hold(placement.story, "media_origins_only", NOW)


def _said_by(origin: Party) -> Report:
    source = Source(name=f"Relay of {origin.name}", source_class=PartyClass.MEDIA, language="en", sha256=origin.id)
    return replace(_report(origin), id="rp2", source=source)


@pytest.mark.parametrize("doubt", MEANINGS)
def test_a_reading_of_low_confidence_waits_whoever_says_it(doubt: str, rules: Rules) -> None:
    assert _ruling(replace(_report(PRESIDENT), doubts=(doubt,)), rules) == Ruling("hold", "unsure_reading")


def test_a_doubtful_quote_of_an_authority_does_not_let_out_what_one_outlet_says_by_itself(rules: Rules) -> None:
    rumoured = replace(_report(PRESIDENT), doubts=("rumour",))
    assert _after(rumoured, _said_by(WIRE), rules=rules) == Ruling("hold", "media_origins_only")
    assert _after(_report(PRESIDENT), _said_by(WIRE), rules=rules).action == "publish"


def test_a_doubtful_quote_does_not_keep_back_what_the_authority_then_says(rules: Rules) -> None:
    rumoured = replace(_report(WIRE), doubts=("rumour",))
    assert _after(rumoured, _said_by(PRESIDENT), rules=rules) == Ruling("publish", "official_origin")


def test_an_arrested_person_whom_only_media_name_waits(rules: Rules) -> None:
    named = _report(WIRE, Kind.ARREST, name="Ales Bialiatski")
    assert _ruling(named, rules) == Ruling("hold", "person_named_by_media_only")
    assert _ruling(_report(VIASNA, Kind.ARREST, name="Ales Bialiatski"), rules).action == "publish_unconfirmed"


def _named_later(origin: Party = WIRE, **facts: int) -> Report:
    report = _report(origin, Kind.ARREST, name="Ales Bialiatski", facts={"detained": 6, **facts})
    return replace(
        report, id="rp2", source=Source(name="Other", source_class=origin.party_class, language="en", sha256="1")
    )


def test_a_name_that_media_add_to_a_told_arrest_waits_alone(rules: Rules) -> None:
    told = published(place(_report(VIASNA, Kind.ARREST, facts={"detained": 6}), [], NOW).story)
    bare = _named_later()
    confirmed = Ruling("publish", "two_independent_origins", name_waits="person_named_by_media_only")
    assert rule(place(bare, [told], NOW), bare, rules) == confirmed
    more = replace(bare, facts=Facts(detained=6, administrative=True))
    placement = place(more, [told], NOW)
    assert placement.outcome == "revised"
    assert rule(placement, more, rules) == confirmed


def test_a_released_name_does_not_wait_again_and_the_next_one_does(rules: Rules) -> None:
    first = _report(WIRE, Kind.ARREST, name="Ryhor Kastusiou", facts={"detained": 6})
    told = published(approve(hold(place(first, [], NOW).story, "person_named_by_media_only", NOW), NOW).story)
    same = replace(first, id="rp3")
    assert rule(place(same, [told], NOW), same, rules) == Ruling("nothing", "nothing_new")
    other = _named_later()
    assert rule(place(other, [told], NOW), other, rules) == Ruling("hold", "person_named_by_media_only")


def test_a_name_waits_for_nobody_where_the_rules_do_not_hold_it() -> None:
    rules = load_rules(
        RULES_TEXT.replace("person_named_by_media_only, then: hold", "person_named_by_media_only, then: nothing")
    )
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
    assert _ruling(replace(report, solicited=True, as_of=NOW.date()), rules).action == "publish"


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
    assert changes_since_told(kept)


def test_a_fresh_text_without_a_date_of_the_act_is_not_old(rules: Rules) -> None:
    assert _ruling(replace(_report(), published=NOW - timedelta(days=2)), rules).action == "publish"


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
        _report(VIASNA, name="Ryhor Kastusiou"),
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
