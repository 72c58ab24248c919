"""What renders in tests is made by what makes it in the app."""

from __future__ import annotations

from services.notify.assembly import renderer_of
from services.notify.content.rendering import Renderer
from services.notify.settings import NotifySettings

PUBLIC_URL = "https://alerts.example.org"


def renderer_at(public_url: str = PUBLIC_URL) -> Renderer:
    return renderer_of(NotifySettings.model_validate({"public_url": public_url}))
