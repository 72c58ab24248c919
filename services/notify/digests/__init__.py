"""Digests: what interests told daily or weekly ask for, once a day and once a person, asked of the ledger each time."""
