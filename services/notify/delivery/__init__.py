"""One event for one subscriber on one channel: claimed in the ledger, attempted, and what became of it."""
