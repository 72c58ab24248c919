"""Why the store cannot be used. Each text says what, where and what to do; nothing was changed, and nothing is lost."""

from __future__ import annotations


class StoreFault(Exception):
    """The store of subscribers cannot be used as it is."""


class UnusableKeys(StoreFault):
    """The keys are missing, or are none. The text names the file and what to do, and never a key."""


class UnusableStore(StoreFault):
    """It is another version's, another number of shards, or other keys' than ours."""
