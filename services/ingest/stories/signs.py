"""The signs by which two accounts are told to be of one happening or of two; `match_scores` weighs them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from services.fact_table import TRAITS


class Sign(StrEnum):
    """`…_1` to `…_far`: how many days lie between, see `dating.distance`."""

    DECREE_SAME = "decree_same"
    DECREE_DIFFERS = "decree_differs"
    SAME_ADDRESS = "same_address"
    SAME_DAY = "same_day"
    APART_1 = "apart_1"
    APART_3 = "apart_3"
    APART_IN_TIME = "apart_in_time"
    APART_45 = "apart_45"
    APART_FAR = "apart_far"
    SEEN_1 = "seen_1"
    SEEN_3 = "seen_3"
    SEEN_IN_TIME = "seen_in_time"
    SEEN_45 = "seen_45"
    SEEN_FAR = "seen_far"
    BEFORE = "before"
    DAY_OF_YEAR_SAME = "day_of_year_same"
    DAY_OF_YEAR_DIFFERS = "day_of_year_differs"
    WEEKDAY_SAME = "weekday_same"
    WEEKDAY_DIFFERS = "weekday_differs"
    SIZE_RARE = "size_rare"
    SIZE_SAME = "size_same"
    SIZE_FEW = "size_few"
    SIZE_ONE = "size_one"
    SIZE_AGREES = "size_agrees"
    SIZE_GROWN = "size_grown"
    SIZE_OF_ONE_ORDER = "size_of_one_order"
    SIZE_FAR_OFF = "size_far_off"
    SIZE_DIFFERS = "size_differs"
    WOMEN_SAME = "women_same"
    WOMEN_DIFFERS = "women_differs"
    MINORS_AT_OFFENCE_SAME = "minors_at_offence_same"
    MINORS_AT_OFFENCE_DIFFERS = "minors_at_offence_differs"
    CHRONICALLY_ILL_SAME = "chronically_ill_same"
    CHRONICALLY_ILL_DIFFERS = "chronically_ill_differs"
    WITH_DISABILITY_SAME = "with_disability_same"
    WITH_DISABILITY_DIFFERS = "with_disability_differs"
    PENSIONERS_SAME = "pensioners_same"
    PENSIONERS_DIFFERS = "pensioners_differs"
    WITH_CHILDREN_SAME = "with_children_same"
    WITH_CHILDREN_DIFFERS = "with_children_differs"
    NTH_PARDON_SAME = "nth_pardon_same"
    RELEASED_TOTAL_SAME = "released_total_same"
    NAMED_PART = "named_part"
    PERSONS_IN_COMMON = "persons_in_common"
    PERSON_IN_COMMON = "person_in_common"
    ALL_PERSONS_SAME = "all_persons_same"
    PUBLIC_PERSON_IN_COMMON = "public_person_in_common"
    SURNAME_IN_COMMON = "surname_in_common"
    PERSON_ALIKE = "person_alike"
    OTHER_PERSONS = "other_persons"
    PLACE_SAME = "place_same"
    PLACE_CAPITAL = "place_capital"
    PLACE_NEAR = "place_near"
    REGION_SAME = "region_same"
    PLACE_DIFFERS = "place_differs"
    AUTHORITY_SAME = "authority_same"
    ARTICLES_SAME = "articles_same"
    ARTICLES_DIFFER = "articles_differ"
    CHARGE_SAME = "charge_same"


BREAKDOWN: Final = tuple(trait for trait in TRAITS if trait != "men")
"""How the press service takes an act apart. Men are left out, since they follow from the rest."""

PARTS: Final = frozenset(Sign(f"{part}_{how}") for part in BREAKDOWN for how in ("same", "differs"))
SIZES: Final = frozenset(sign for sign in Sign if sign.startswith("size_"))
APART: Final = frozenset(sign for sign in Sign if sign.startswith("apart_"))
SEEN: Final = frozenset(sign for sign in Sign if sign.startswith("seen_"))
