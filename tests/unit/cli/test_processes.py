"""`vestka run notify --processes N`: which N there may be, and what each process gets of what is limited in all."""

from __future__ import annotations

import pytest

from services.notify.channels import ChannelSettings, EmailSettings, WebhookSettings
from services.notify.settings import NotifySettings
from tests.commands import vestka


@pytest.mark.parametrize(
    "words",
    [
        *(("notify", "--processes", number) for number in ("0", "-1", "65", "1000000", "two", "1.5", "")),
        *((which, "--processes", "2") for which in ("ingest", "all")),
        ("--processes", "2"),
        ("notify", "--processes", "2", "--unsupervised"),
    ],
)
async def test_a_number_that_cannot_be_is_a_usage_error_that_names_the_option(words: tuple[str, ...]) -> None:
    answer = await vestka("run", *words)
    assert (answer.code, "--processes" in answer.err, "Traceback" in answer.err) == (2, True, False), answer.err


def _settings(sessions: int) -> NotifySettings:
    email = EmailSettings(
        host="relay.example", sender="a@vestka.example", list_id="a.vestka.example", sessions=sessions
    )
    return NotifySettings(channels=ChannelSettings(email=email, webhook=WebhookSettings()))


@pytest.mark.parametrize("processes", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("sessions", [1, 2, 6, 20, 63, 64, 100])
def test_a_relay_sees_as_many_sessions_as_were_set_or_one_a_process(sessions: int, processes: int) -> None:
    shares = []
    for number in range(processes):
        email = _settings(sessions).share_of(number, processes).channels.email
        assert email is not None
        shares.append(email.sessions)
    assert sum(shares) == max(sessions, processes)
    assert max(shares) - min(shares) <= 1


def test_a_share_is_otherwise_what_was_set() -> None:
    settings = _settings(20)
    share = settings.share_of(0, 2)
    assert share.channels.webhook == settings.channels.webhook
    assert share.model_dump(exclude={"channels"}) == settings.model_dump(exclude={"channels"})
    assert share.about_url == settings.about_url


def test_where_email_is_off_there_is_nothing_to_divide() -> None:
    settings = NotifySettings(channels=ChannelSettings(webhook=WebhookSettings()))
    assert settings.share_of(1, 2) == settings
