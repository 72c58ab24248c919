"""Joining: what is said before, what can be chosen, and the confirmation by mail."""
