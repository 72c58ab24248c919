"""`python -m vestka`, where no script is at hand."""

from vestka import main

main()
