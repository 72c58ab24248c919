"""Measurements: how right and how fast we are. Nothing here is a test, and nothing the services run imports it."""
