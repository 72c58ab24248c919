"""From an event to those who asked for it: the events read, routed, and handed out shard by shard."""
