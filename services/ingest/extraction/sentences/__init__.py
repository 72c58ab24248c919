"""A text cut into sentences, each with its dates and numbers found and masked."""
