"""Managing and leaving: without an account, by a link that is asked for by mail and ends."""
