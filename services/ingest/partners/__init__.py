"""What partners hand in over HTTP: who they are, what they may send, and how often."""
