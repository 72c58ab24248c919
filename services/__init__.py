"""Vestka's services: ingest turns articles into events, notify turns events into messages."""
