"""Python's collector of circles, told that a service's modules, templates and settings are here to stay.

Otherwise it walks them all again and again while short-lived objects pass by the thousand: a fourth of all that a
webhook costs.
"""

from __future__ import annotations

import gc
from typing import Final

_YOUNG: Final = 50_000
"""Objects that may come before it looks at the young ones; 700 unless told otherwise. It is more than all that is under
way is made of: with fewer it looked through that time and again, and found nothing to part."""


def spare_what_stays() -> None:
    """To be called once all is built, before the work begins."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
