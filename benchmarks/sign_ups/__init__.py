"""What it costs when many join at once, whether any of them is lost, and whether alerts are later for it."""
