"""Release rules: an event goes out now, goes out as unconfirmed, or waits for an operator."""
