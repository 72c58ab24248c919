"""The third answer of reading: what is no news by the rules and yet no nothing. Pure.

The rules go on deciding what goes out by itself; a near miss waits for a person, and reaches no reader without one.
"""

from services.ingest.extraction.near_miss.read import near_miss_of, worth_a_look
from services.ingest.extraction.near_miss.seen import MEANINGS, NearMiss, SeenAct
from services.ingest.extraction.near_miss.unread_languages import is_hardly_read, near_miss_in
from services.ingest.extraction.near_miss.weighing import RulesSaw, Weigher, traits_of, weigher

__all__ = [
    "MEANINGS",
    "NearMiss",
    "RulesSaw",
    "SeenAct",
    "Weigher",
    "is_hardly_read",
    "near_miss_in",
    "near_miss_of",
    "traits_of",
    "weigher",
    "worth_a_look",
]
