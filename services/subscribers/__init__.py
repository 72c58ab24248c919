"""Subscribers: who they are, what they asked for, where they are reached, and how that is kept. Below notify."""
