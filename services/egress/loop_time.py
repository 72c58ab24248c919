"""The time of the event loop, for whoever asks for it with every request.

asyncio's loops and uvloop's count by the system's monotonic clock, which can be asked without first asking which loop
is running: that asks the system for the number of our process each time, six times a webhook.
"""

from __future__ import annotations

import time
from typing import Final

loop_time: Final = time.monotonic
"""Seconds; what `call_at` of the running loop takes. uvloop's own is a moment behind, as of its last turn."""
