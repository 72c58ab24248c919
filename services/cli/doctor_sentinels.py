"""What `vestka doctor` says of the sentinels: whether every one answers, and all name one master."""

from __future__ import annotations

from redis.exceptions import RedisError

from services.runtime.sentinel_address import SentinelAddress, names_sentinels
from services.runtime.sentinels import Sentinels
from services.runtime.settings import RuntimeSettings


async def examine_sentinels(settings: RuntimeSettings) -> list[tuple[str, bool | None, str]]:
    """Nothing where REDIS_URL names none. Some that are silent are a note: we go on as long as one answers."""
    url = "" if settings.redis_url is None else settings.redis_url.get_secret_value()
    if not names_sentinels(url):
        return []
    address = SentinelAddress.of(url)
    answers = [await _answer(Sentinels(address), host) for host in address.hosts]
    masters = {answer for answer in answers if answer is not None}
    if len(masters) > 1:
        return [("sentinels", False, "they do not agree which server is the master: look at their logs")]
    silent = answers.count(None)
    says = f"{silent} of {len(answers)} do not answer, do not let us in, or know no master '{address.master}'"
    return [("sentinels", None if silent else True, says if silent else "")]


async def _answer(sentinels: Sentinels, host: tuple[str, int]) -> tuple[str, int] | None:
    try:
        return await sentinels.asked(host)
    except RedisError:
        return None
