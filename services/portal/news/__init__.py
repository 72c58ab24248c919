"""What happened, for anybody: pages and feeds that need no subscription, and the check of a message's code."""
