"""Whether a server reads on after a letter is asked by one session at a time, until one was answered."""

from services.notify.channels.email.reading_ahead import ReadingAhead


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_while_one_asks_no_other_does_and_once_it_is_answered_all_may() -> None:
    known = ReadingAhead(Clock())

    assert known.may_ask()
    known.asks()
    assert not known.may_ask()

    known.answered(well=True)
    known.asks()
    assert known.may_ask()


def test_a_server_that_did_not_hear_is_left_alone_for_a_while() -> None:
    clock = Clock()
    known = ReadingAhead(clock)
    known.asks()
    known.answered(well=False)

    assert not known.may_ask()
    clock.now = 599.0
    assert not known.may_ask()
    clock.now = 600.0
    assert known.may_ask()


def test_one_session_that_broke_says_nothing_of_a_server_that_answered_another() -> None:
    known = ReadingAhead(Clock())
    known.asks()
    known.answered(well=True)

    known.asks()
    known.answered(well=False)

    assert known.may_ask()
