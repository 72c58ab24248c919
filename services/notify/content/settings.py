"""What whoever renders needs to know: notify, for its messages, and the portal, for its pages."""

from __future__ import annotations

from pathlib import Path

from services.runtime.settings import REPOSITORY
from services.subscribers.settings import ReaderLinkSettings


class RenderingSettings(ReaderLinkSettings):
    templates: Path = REPOSITORY / "templates"
    known_acts_file: Path = REPOSITORY / "infra" / "known_acts.yaml"
    """The list that ingest reads as well: a pardon is drawn among the acts before it."""
    discreet_url: str = ""
    """The base of links in discreet mode, another name of where readers reach us; "": the same as everybody's."""
