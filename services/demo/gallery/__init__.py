"""The gallery: one static page of every message, language, mode and channel, for people who edit templates."""
