"""Does reading ever take far more than twice as long for twice the text? Asked of every pattern, and of the whole."""
