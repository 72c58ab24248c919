"""Which Vestka this is; `pyproject.toml` says the same, and an image without it has it from here."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
