"""What renders in tests is made by what makes it in the app."""

from __future__ import annotations

from pathlib import Path

from services.notify.assembly import renderer_of
from services.notify.content.languages import written_in
from services.notify.content.rendering import TEMPLATES, Renderer
from services.notify.settings import NotifySettings

LANGUAGES = written_in(TEMPLATES)
"""Whatever is tested in each language is tested in these, so that one that exists is tested."""

PUBLIC_URL = "https://alerts.example.org"


def renderer_at(public_url: str = PUBLIC_URL, templates: Path = TEMPLATES) -> Renderer:
    """Without any key, whatever the machine has, so that a message is the same everywhere."""
    given = {"public_url": public_url, "templates": templates, "keys_dir": "no-such-folder"}
    return renderer_of(NotifySettings.model_validate(given))
