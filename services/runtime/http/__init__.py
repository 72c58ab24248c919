"""What the doors of every service share: whose token a request bears, how much of it is let in, and what is refused."""
