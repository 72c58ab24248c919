"""By which those are found to whom a digest is due: how often, and in which zone it is the hour. Kept as keyed hashes,
like whatever somebody asked for."""

from __future__ import annotations

from services.subscribers.habits import MINSK, Frequency
from services.subscribers.subscriber import Subscriber


def zone_of_reader(subscriber: Subscriber) -> str:
    return subscriber.zone or MINSK


def digest_topic(frequency: Frequency, zone: str) -> str:
    return f"digest:{frequency}:{zone}"


def digest_topics(subscriber: Subscriber) -> set[str]:
    """None for who hears of everything at once and is owed nothing; what is owed comes with the next day's."""
    frequencies = {one.frequency for one in subscriber.interests if one.frequency != "at_once"}
    frequencies |= {"daily"} if subscriber.owed_on else set()
    return {digest_topic(frequency, zone_of_reader(subscriber)) for frequency in frequencies}
