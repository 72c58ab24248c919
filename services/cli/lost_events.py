"""What `vestka replay` does first: events that are gone from their stream and still kept are put back on it."""

from __future__ import annotations

import time

from redis.asyncio import Redis

from services.cli.output import say
from services.cli.prompts import confirmed_or_end
from services.contract import Event
from services.notify.repair.replay import Selection
from services.runtime.clock import unix_of
from services.runtime.kept_events import KeptEvents


async def put_back_lost(redis: Redis, selection: Selection, *, dry_run: bool, confirm: bool) -> None:
    """Notify then routes them as it does every event. Raises CliExit where a person has to say so and does not."""
    kept = KeptEvents(redis)
    lost = [event.id for event in await kept.lost_from_stream() if _is_meant(event, selection)]
    if not lost:
        return
    say(f"{len(lost)} event(s) are gone from the events stream and still kept: {', '.join(lost[:10])}")
    if dry_run:
        say("a replay puts them back; the counts below are without them")
        return
    confirmed_or_end(
        f"Put {len(lost)} event(s) back on the stream?",
        confirm=confirm,
        undone="nothing was put back",
        hint="add --confirm to put them back, or --dry-run to only count",
    )
    done = await kept.put_back(lost, time.time())
    say(f"{len(done)} event(s) are on the stream again; notify sends them to whoever did not get them")


def _is_meant(event: Event, selection: Selection) -> bool:
    at = unix_of(event.time)
    return (
        selection.event_id in (None, event.id)
        and selection.type in (None, event.type.value)
        and selection.story in (None, event.data.story_id)
        and (selection.since is None or at >= selection.since)
        and (selection.until is None or at <= selection.until)
    )
