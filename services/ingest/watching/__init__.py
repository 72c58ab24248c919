"""When to look at which source, what of it is new, and how each source fares."""
