"""How much each sign says for (or against) one happening: a table per kind of news.

A count is no identity (two decrees covered 30 people each, nineteen days apart), a name is none either (namesakes, and
people who are detained again), so no single weak sign reaches the sum that makes two accounts one by itself.
"""

from __future__ import annotations

from typing import Final

from services.contract import Kind

SAME_FROM: Final = 4
DOUBTFUL_FROM: Final = 3

MATCH_SCORES: Final[dict[Kind, dict[str, int]]] = {
    Kind.PARDON: {
        # A decree number decides; it starts again every year, so the dates still have their say.
        "decree_same": 12,
        "decree_differs": -16,
        # An edited page; but a live report has one address for all that happens in a day.
        "same_address": 4,
        # No two acts on one day are known, and two in one week are: 20 and 22 November 2025.
        "same_day": 9,
        "same_day_same_site": 1,
        "apart_1": 2,
        "apart_3": -4,
        "apart_in_time": -6,
        "apart_45": -10,
        "apart_far": -16,
        "seen_1": 6,
        "seen_3": 3,
        "seen_in_time": 2,
        # Beyond the window only what is firm joins: names, a whole breakdown, a decree number.
        "seen_45": -4,
        "seen_far": -12,
        "before": -12,
        # An undated text: "on 16 August", "on Friday".
        "day_of_year_same": 5,
        "day_of_year_differs": -8,
        "weekday_same": 0,
        "weekday_differs": -1,
        "size_rare": 3,
        "size_same": 3,
        "size_few": 1,
        "size_one": 0,
        "size_agrees": 1,
        # "At least ten" that became seventeen.
        "size_grown": 0,
        # Part of an act is often reported before the whole: 14 foreigners, then 52; and 5, 7, 10, 17, 18 within days.
        "size_of_one_order": -2,
        "size_far_off": -3,
        "size_differs": -3,
        "women_same": 2,
        "women_differs": -3,
        "minors_at_offence_same": 1,
        "minors_at_offence_differs": -1,
        "chronically_ill_same": 2,
        "chronically_ill_differs": -2,
        "with_disability_same": 1,
        "with_disability_differs": -2,
        "pensioners_same": 1,
        "pensioners_differs": -2,
        "with_children_same": 2,
        "with_children_differs": -2,
        # Outlets count the acts differently, so an ordinal or a tally that differs says nothing.
        "nth_pardon_same": 1,
        "released_total_same": 2,
        # All whom it names are among those whom the act touched.
        "named_part": 7,
        "persons_in_common": 6,
        "person_in_common": 3,
        "all_persons_same": 1,
        "public_person_in_common": 3,
        "surname_in_common": 2,
        "person_alike": 1,
        "other_persons": -6,
    },
    Kind.ARREST: {
        "same_address": 1,
        "same_day": 3,
        "apart_1": 2,
        "apart_3": 0,
        # Administrative arrests of one person recur back to back.
        "apart_in_time": -2,
        "apart_45": -6,
        "apart_far": -10,
        "seen_1": 2,
        "seen_3": 1,
        "seen_in_time": 0,
        "seen_45": -4,
        "seen_far": -10,
        "before": -10,
        "day_of_year_same": 2,
        "day_of_year_differs": -6,
        "weekday_same": 0,
        "weekday_differs": -1,
        "size_rare": 3,
        "size_same": 2,
        "size_few": 1,
        "size_one": 0,
        "size_agrees": 1,
        "size_grown": 1,
        # The number grows through the evening of a protest.
        "size_of_one_order": 1,
        "size_far_off": 0,
        "size_differs": -2,
        "place_same": 2,
        # In the capital there are arrests every day.
        "place_capital": 1,
        "place_near": -1,
        "region_same": 1,
        "place_differs": -3,
        "authority_same": 1,
        "articles_same": 1,
        "articles_differ": -1,
        "charge_same": 1,
        "named_part": 0,
        "persons_in_common": 5,
        "person_in_common": 3,
        "all_persons_same": 1,
        # Whom everybody knows has been detained more than once.
        "public_person_in_common": 2,
        "surname_in_common": 2,
        "person_alike": 2,
        "other_persons": -6,
    },
}
