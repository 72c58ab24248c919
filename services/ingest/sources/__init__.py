"""What we watch: one file for each kind of source, and one line in `kinds`."""
