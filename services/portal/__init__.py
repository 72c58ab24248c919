"""Where readers reach us: what happened, for anybody; and, for whoever wants it, the way in and out of the alerts."""
