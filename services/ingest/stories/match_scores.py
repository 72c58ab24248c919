"""How much each sign says for (or against) one happening: a table per kind of news.

A count is no identity (two decrees covered 30 people each, nineteen days apart), a name is none either (namesakes, and
people who are detained again), so no single weak sign reaches the sum that makes two accounts one by itself.
"""

from __future__ import annotations

from typing import Final

from services.contract import Kind
from services.ingest.stories.signs import Sign

SAME_FROM: Final = 4
DOUBTFUL_FROM: Final = 3

MATCH_SCORES: Final[dict[Kind, dict[Sign, int]]] = {
    Kind.PARDON: {
        # A decree number decides; it starts again every year, so the dates still have their say.
        Sign.DECREE_SAME: 12,
        Sign.DECREE_DIFFERS: -16,
        # An edited page; but a live report has one address for all that happens in a day.
        Sign.SAME_ADDRESS: 4,
        # No two acts on one day are known, and two in one week are: 20 and 22 November 2025.
        Sign.SAME_DAY: 9,
        Sign.APART_1: 2,
        Sign.APART_3: -4,
        Sign.APART_IN_TIME: -6,
        Sign.APART_45: -10,
        Sign.APART_FAR: -16,
        Sign.SEEN_1: 6,
        Sign.SEEN_3: 3,
        Sign.SEEN_IN_TIME: 2,
        # Beyond the window only what is firm joins: names, a whole breakdown, a decree number.
        Sign.SEEN_45: -4,
        Sign.SEEN_FAR: -12,
        Sign.BEFORE: -12,
        # An undated text: "on 16 August", "on Friday".
        Sign.DAY_OF_YEAR_SAME: 5,
        Sign.DAY_OF_YEAR_DIFFERS: -8,
        Sign.WEEKDAY_SAME: 0,
        Sign.WEEKDAY_DIFFERS: -1,
        Sign.SIZE_RARE: 3,
        Sign.SIZE_SAME: 3,
        Sign.SIZE_FEW: 1,
        Sign.SIZE_ONE: 0,
        Sign.SIZE_AGREES: 1,
        # "At least ten" that became seventeen.
        Sign.SIZE_GROWN: 0,
        # Part of an act is often reported before the whole: 14 foreigners, then 52; and 5, 7, 10, 17, 18 within days.
        Sign.SIZE_OF_ONE_ORDER: -2,
        Sign.SIZE_FAR_OFF: -3,
        Sign.SIZE_DIFFERS: -3,
        Sign.WOMEN_SAME: 2,
        Sign.WOMEN_DIFFERS: -3,
        Sign.MINORS_AT_OFFENCE_SAME: 1,
        Sign.MINORS_AT_OFFENCE_DIFFERS: -1,
        Sign.CHRONICALLY_ILL_SAME: 2,
        Sign.CHRONICALLY_ILL_DIFFERS: -2,
        Sign.WITH_DISABILITY_SAME: 1,
        Sign.WITH_DISABILITY_DIFFERS: -2,
        Sign.PENSIONERS_SAME: 1,
        Sign.PENSIONERS_DIFFERS: -2,
        Sign.WITH_CHILDREN_SAME: 2,
        Sign.WITH_CHILDREN_DIFFERS: -2,
        # Outlets count the acts differently, so an ordinal or a tally that differs says nothing.
        Sign.NTH_PARDON_SAME: 1,
        Sign.RELEASED_TOTAL_SAME: 2,
        # All whom it names are among those whom the act touched.
        Sign.NAMED_PART: 7,
        Sign.PERSONS_IN_COMMON: 6,
        Sign.PERSON_IN_COMMON: 3,
        Sign.ALL_PERSONS_SAME: 1,
        Sign.PUBLIC_PERSON_IN_COMMON: 3,
        Sign.SURNAME_IN_COMMON: 2,
        Sign.PERSON_ALIKE: 1,
        Sign.OTHER_PERSONS: -6,
    },
    Kind.ARREST: {
        Sign.SAME_ADDRESS: 1,
        Sign.SAME_DAY: 3,
        Sign.APART_1: 2,
        Sign.APART_3: 0,
        # Administrative arrests of one person recur back to back.
        Sign.APART_IN_TIME: -2,
        Sign.APART_45: -6,
        Sign.APART_FAR: -10,
        Sign.SEEN_1: 2,
        Sign.SEEN_3: 1,
        Sign.SEEN_IN_TIME: 0,
        Sign.SEEN_45: -4,
        Sign.SEEN_FAR: -10,
        Sign.BEFORE: -10,
        Sign.DAY_OF_YEAR_SAME: 2,
        Sign.DAY_OF_YEAR_DIFFERS: -6,
        Sign.WEEKDAY_SAME: 0,
        Sign.WEEKDAY_DIFFERS: -1,
        Sign.SIZE_RARE: 3,
        Sign.SIZE_SAME: 2,
        Sign.SIZE_FEW: 1,
        Sign.SIZE_ONE: 0,
        Sign.SIZE_AGREES: 1,
        Sign.SIZE_GROWN: 1,
        # The number grows through the evening of a protest.
        Sign.SIZE_OF_ONE_ORDER: 1,
        Sign.SIZE_FAR_OFF: 0,
        Sign.SIZE_DIFFERS: -2,
        Sign.PLACE_SAME: 2,
        # In the capital there are arrests every day.
        Sign.PLACE_CAPITAL: 1,
        Sign.PLACE_NEAR: -1,
        Sign.REGION_SAME: 1,
        Sign.PLACE_DIFFERS: -3,
        Sign.AUTHORITY_SAME: 1,
        Sign.ARTICLES_SAME: 1,
        Sign.ARTICLES_DIFFER: -1,
        Sign.CHARGE_SAME: 1,
        Sign.NAMED_PART: 0,
        Sign.PERSONS_IN_COMMON: 5,
        Sign.PERSON_IN_COMMON: 3,
        Sign.ALL_PERSONS_SAME: 1,
        # Whom everybody knows has been detained more than once.
        Sign.PUBLIC_PERSON_IN_COMMON: 2,
        Sign.SURNAME_IN_COMMON: 2,
        Sign.PERSON_ALIKE: 2,
        Sign.OTHER_PERSONS: -6,
    },
}
