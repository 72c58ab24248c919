"""What an event says of a happening, each fact a field; what each of them is stands in `fact_table`."""

from __future__ import annotations

import msgspec

from services.contract_bounds import Count, Day, Destination, Period, Term, Text, Texts


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of everything on the wire: unknown fields are ignored, so that an older reader survives a newer writer."""


class Facts(Part, frozen=True, kw_only=True):
    """The claims boiled down to one value a field; absent means that no text says."""

    # pardon
    pardoned: Count | None = None
    convicted_of_extremism: Count | None = None
    women: Count | None = None
    men: Count | None = None
    minors_at_offence: Count | None = None
    chronically_ill: Count | None = None
    with_disability: Count | None = None
    pensioners: Count | None = None
    with_children: Count | None = None
    released: Count | None = None  # of those pardoned, who are out by somebody's count
    nth_pardon: Count | None = None
    names_pardoned: Texts | None = None
    names_disclosed: bool | None = None
    repented: bool | None = None
    petitioned: bool | None = None
    decree_number: Text | None = None
    act: Text | None = None  # a value of `fact_table.ReleaseAct`
    # arrest
    detained: Count | None = None
    names: Texts | None = None
    place: Text | None = None
    region: Text | None = None
    authority: Text | None = None
    criminal_articles: Texts | None = None
    administrative: bool | None = None
    charge: Text | None = None
    administrative_article: Text | None = None  # of the administrative code, like "19.11"
    administrative_days: Term | None = None  # of administrative arrest
    earlier_detentions: Term | None = None  # how often before this time
    detained_before: bool | None = None  # where the text does not say how often
    sentence_threatened: Term | None = None  # years of prison at most
    # both
    released_total: Count | None = None
    still_held: Count | None = None
    deaths_in_custody: Count | None = None
    attribution: Texts | None = None
    occurred_on: Day | None = None
    counted_since: Period | None = None  # from when on `nth_pardon` and `released_total` count
    left_prison: bool | None = None  # False: still inside, though pardoned or let go
    went_to: Destination | None = None
    where_held: Text | None = None  # as the gazetteer names it, like "SIZO-1"
    whereabouts_known: bool | None = None
    recognised_by: Texts | None = None  # ids of those who hold them to be political prisoners
