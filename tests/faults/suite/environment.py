"""The settings of a house: what stands in the environment of its services."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.faults.suite.house import House

_OURS: Final = ("PATH", "HOME", "LANG", "TMPDIR")


def environment(house: House, name: str) -> dict[str, str]:
    """Short deadlines and a short reclaim, so that a row takes seconds; a case may change any of it."""
    return {
        **{key: os.environ[key] for key in _OURS if key in os.environ},
        "REDIS_URL": f"redis://127.0.0.1:{house.proxy.port}/0",
        "VESTKA_STATE_DIR": str(house.folder / "state"),
        "VESTKA_INGEST_PORT": str(house.ports["ingest"]),
        "VESTKA_NOTIFY_PORT": str(house.ports["notify2" if name == "notify2" else "notify"]),
        "VESTKA_PUBLIC_URL": "https://alerts.vestka.example",
        "VESTKA_SUBSCRIBERS_FILE": str(house.folder / "subscribers.yaml"),
        "VESTKA_WATCH_SOURCES": "false",
        "VESTKA_REPORT_TOKEN": house.report_token,
        "VESTKA_REPORTS_PER_MINUTE": "6000",
        "VESTKA_REPORTS_BURST": "6000",
        "VESTKA_ALLOW_HTTP": "true",
        "VESTKA_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
        "VESTKA_RECLAIM_AFTER": "2",
        "VESTKA_CHANNELS__EMAIL__HOST": "127.0.0.1",
        "VESTKA_CHANNELS__EMAIL__PORT": str(house.relay.port),
        "VESTKA_CHANNELS__EMAIL__STARTTLS": "off",
        "VESTKA_CHANNELS__EMAIL__SENDER": "alerts@vestka.example",
        "VESTKA_CHANNELS__EMAIL__LIST_ID": "alerts.vestka.example",
        "VESTKA_CHANNELS__EMAIL__DEADLINE": "5",
        "VESTKA_CHANNELS__TELEGRAM__API_BASE": f"http://127.0.0.1:{house.bot.port}",
        "VESTKA_CHANNELS__TELEGRAM__TOKEN": house.token,
        "VESTKA_CHANNELS__TELEGRAM__DEADLINE": "5",
        "VESTKA_CHANNELS__WEBHOOK__DEADLINE": "5",
    }
