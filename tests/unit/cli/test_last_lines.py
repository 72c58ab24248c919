from __future__ import annotations

from random import Random

from services.cli.last_lines import LastLines


def test_it_answers_with_the_line_before_and_with_none_at_first() -> None:
    lines, plain = LastLines(), dict[int, int]()
    dice = Random(7)
    for line in range(1, 2_000):
        number = dice.choice([dice.randint(1, 300), dice.randint(4_000, 4_200), 10**9 + dice.randint(0, 5)])
        assert lines.put(number, line) == plain.get(number)
        plain[number] = line
