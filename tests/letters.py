"""What renders in tests is made by what makes it in the app."""

from __future__ import annotations

from services.notify.app import renderer_of
from services.notify.content.rendering import Renderer
from services.notify.settings import NotifySettings

PUBLIC_URL = "https://alerts.example.org"


def renderer_at(public_url: str = PUBLIC_URL) -> Renderer:
    """Without any key, whatever the machine has, so that a message is the same everywhere."""
    return renderer_of(NotifySettings.model_validate({"public_url": public_url, "keys_dir": "no-such-folder"}))
