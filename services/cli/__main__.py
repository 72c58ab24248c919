"""So that a process can start another of itself: `python -m services.cli`."""

from services.cli import main

main()
