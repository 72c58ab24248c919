"""The `vestka` command."""


def main() -> None:
    raise SystemExit("not yet")
