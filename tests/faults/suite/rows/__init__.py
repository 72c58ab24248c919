"""Every case there is."""

from tests.faults.suite.rows import sending

CASES = (*sending.CASES,)
