"""Messages of one bot through the Bot API: cut to size, in turn, and its answers understood."""
