"""What the routes of every service share: how they are served and how they say no, whose token a request bears, how
much of it is let in, keys that make it safe to ask twice, and pages of lists."""
