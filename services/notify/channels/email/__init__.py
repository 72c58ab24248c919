"""Letters through one mail server: written, handed over, and its replies understood."""
