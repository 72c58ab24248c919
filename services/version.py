"""Which Vestka this is: the one place that says so. `pyproject.toml` reads it here, as does whoever tells anybody."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
