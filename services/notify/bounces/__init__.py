"""What comes back to our sender's address: that a letter was not delivered, or that somebody complains of it."""
