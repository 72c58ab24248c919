"""What a table shows where there is nothing to show."""

from __future__ import annotations

import pytest

from services.cli.output import Output, show_rows


def test_an_empty_cell_of_a_table_is_a_dash_whether_it_is_none_or_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([{"reason": "", "detail": None, "count": 0}], Output.TABLE)
    assert capsys.readouterr().out.splitlines() == ["REASON  DETAIL  COUNT", "-       -       0"]
