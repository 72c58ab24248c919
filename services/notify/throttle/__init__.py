"""What holds sending back for a while: a channel as a whole, one address, one bot's rate."""
