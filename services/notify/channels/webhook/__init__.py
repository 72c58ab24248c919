"""Signed requests to the endpoints of partners, and what their answers mean."""
