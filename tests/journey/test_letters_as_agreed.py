"""What a running service sends is, word for word, what stands in `tests/golden/rendered`."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from services.contract import decode_event
from services.notify.content.story_code import code_key, story_code
from services.subscribers.keyring import secret_at_hand
from tests.letters import LANGUAGES
from tests.redis.samples import put_event
from tests.road import Road, eventually

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
OWN_LINK = re.compile(r"https://vestka\.example/stop/[\w-]+")


def agreed(file: str) -> str:
    return (GOLDEN / "rendered" / "pardon" / file).read_text("utf-8")


def agreed_part(file: str, part: str) -> str:
    return agreed(file).partition(f"=== {part} ===\n")[2].partition("\n\n===")[0].strip()


def agreed_texts(language: str) -> dict[str, object]:
    texts = {part: agreed_part(f"{language}.webhook.txt", part) for part in ("headline", "summary")}
    return {**texts, "changes": agreed_part(f"{language}.webhook.txt", "changes").splitlines()}


def with_the_example_link(text: str) -> str:
    assert OWN_LINK.search(text)
    return OWN_LINK.sub("https://vestka.example/stop/example", text.replace("\r\n", "\n"))


def own_code_and_example(road: Road) -> tuple[str, str]:
    """The story's code by the key of this service, and the one without a key that the golden letters bear."""
    story = decode_event((GOLDEN / "events" / "pardon.json").read_bytes()).subject
    secret = secret_at_hand((), Path(road.environment["VESTKA_KEYS_DIR"]))
    return story_code(story, code_key(secret)), story_code(story)


async def test_a_letter_a_chat_and_an_endpoint_get_the_golden_messages_footer_included(road: Road) -> None:
    road.environment["VESTKA_PUBLIC_URL"] = "https://vestka.example/"
    await road.subscribe("email", "reader@demo.example")
    await road.subscribe("telegram", "1001", language="ru")
    await road.subscribe("webhook", road.stage.webhooks.url)
    await road.start("notify")
    await put_event(road.redis, decode_event((GOLDEN / "events" / "pardon.json").read_bytes()))
    await eventually(lambda: all(road.stage.arrived().values()), "one message at each receiver")

    own, example = own_code_and_example(road)
    letter, message, call = road.stage.inbox.messages[0], road.stage.chat.messages[0], road.stage.webhooks.calls[0]
    assert letter.subject == agreed_part("en.email.txt", "subject")
    assert own in letter.text
    assert own != example
    assert with_the_example_link(letter.text).replace(own, example).strip() == agreed_part("en.email.txt", "text")
    assert with_the_example_link(letter.html).replace(own, example).strip() == agreed("en.email.html").strip()
    assert "About this service: https://vestka.example/" in letter.text
    assert with_the_example_link(message.source).strip() == agreed_part("ru.telegram.txt", "html")
    assert call.event is not None
    texts = {language: agreed_texts(language) for language in LANGUAGES}
    assert call.event["data"]["texts"] == texts
    await where_the_footer_leads_answers_in_the_browsers_language(road)


async def where_the_footer_leads_answers_in_the_browsers_language(road: Road) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{road.ports['notify']}", trust_env=False) as client:
        page = await client.get("/", headers={"accept-language": "uk-UA, ru;q=0.8, en;q=0.5"})
        assert page.status_code == 200
        assert "Об этой службе" in page.text
        assert "Пра гэтую службу" in (await client.get("/", headers={"accept-language": "be-BY, ru;q=0.8"})).text
        assert "About this service" in (await client.get("/", headers={"accept-language": "de"})).text
        assert (await client.post("/")).status_code == 405
