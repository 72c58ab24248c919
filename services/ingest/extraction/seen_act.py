"""The acts that words are looked at for, each as a slug."""

from __future__ import annotations

from typing import Literal

SeenAct = Literal["pardon", "release", "arrest"]
