"""From an event to a person. Read `pipeline.py` first."""
