"""What every page of the portal shares: its language, its frame, how it is answered and how it says no."""
