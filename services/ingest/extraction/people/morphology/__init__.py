"""The forms of names: which words are given names, and how a name in another case is brought back to the nominative.

Rules and tables are data (`declension.yaml`); for Russian a dictionary is asked first.
"""

from __future__ import annotations

from services.ingest.extraction.people.morphology.nominative import (
    FullName,
    given_readings,
    in_nominative,
    is_patronymic,
    one_of_a_couple,
)
from services.ingest.extraction.people.morphology.patronymics import has_father

__all__ = ["FullName", "given_readings", "has_father", "in_nominative", "is_patronymic", "one_of_a_couple"]
