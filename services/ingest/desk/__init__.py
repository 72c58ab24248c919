"""What an operator decides: one station for the command line and for HTTP, and what waits for a decision."""
