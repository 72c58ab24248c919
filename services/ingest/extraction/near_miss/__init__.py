"""The third answer of reading: what is no news by the rules and yet no nothing. Pure.

The rules go on deciding what goes out by itself; a near miss waits for a person, and reaches no reader without one.
"""

from services.ingest.extraction.near_miss.read import near_miss_of
from services.ingest.extraction.near_miss.seen import MEANINGS, NearMiss, SeenAct
from services.ingest.extraction.near_miss.unread_languages import is_hardly_read, near_miss_in

__all__ = ["MEANINGS", "NearMiss", "SeenAct", "is_hardly_read", "near_miss_in", "near_miss_of"]
