"""Alarms on their way to the operators: by email and by webhook, each way by itself, so that none waits for another."""
