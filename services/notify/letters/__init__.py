"""Letters about a subscription itself (to confirm, to manage, to move): asked for elsewhere, sent from here."""
