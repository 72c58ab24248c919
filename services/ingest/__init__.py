"""From the world to an event. Read `pipeline.py` first."""
