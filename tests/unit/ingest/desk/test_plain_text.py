"""What an operator types reaches letters, headers and phones as it stands, so it is words in one line."""

from __future__ import annotations

import pytest

from services.ingest.desk.plain_text import Unusable, read_line


@pytest.mark.parametrize(
    "text",
    [
        "Минск",
        "Алесь Бяляцкі",
        "Śviatłana Cichanoŭskaja",
        "д. Малые Ляды, Смолевичский р-н",
        "Хойнікі, Д’Артаньян & сын",
        "№ 475 (2024), §3",
        "article 342, part 1: “group actions”",
    ],
)
def test_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert read_line(text, 100) == text


def test_spaces_are_one_kind_and_a_letter_is_one_character() -> None:
    assert read_line(" Малые\u00a0Ляды,  Мінскі\u2009раён ", 100) == "Малые Ляды, Мінскі раён"
    assert read_line("й", 100) == "й"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "says nothing"),
        (" \u00a0 ", "says nothing"),
        ("Minsk\r\nBcc: reader@example.org", r"line break \(U\+000D, at position 6\)"),
        ("Minsk\nBrest", "line break"),
        ("Мінск\u2028Брэст", "line break"),
        ("Minsk\x85Brest", "line break"),
        ("Minsk\tBrest", r"cannot be seen \(U\+0009"),
        ("Minsk\x00", "cannot be seen"),
        ("Minsk\x1b[31m", "cannot be seen"),
        ("\u202eksniM", r"cannot be seen \(U\+202E, at position 1\)"),
        ("Mi\u200bnsk", "cannot be seen"),
        ("Mi\u00adnsk", "cannot be seen"),
        ("\ue000stop-url\ue001", "cannot be seen"),
        ("Minsk\ud800", "cannot be seen"),
        ("\ufeffMinsk", "cannot be seen"),
        ("<b>Minsk</b>", "markup"),
        ("Minsk > Brest", "markup"),
        ("Minsk&#10;Bcc", "markup"),
        ("&lt;script&gt;", "markup"),
        ("{{ alert }}", "markup"),
        ("{% raw %}", "markup"),
        ("=?utf-8?q?=0D=0ABcc:_reader@example.org?=", "markup"),
        ("Brest =?UTF-8?B?DQpCY2M6?=", "markup"),
        ("see https://example.org/x", "web address"),
        ("see www.example.org", "web address"),
        ("mailto:reader@example.org", "web address"),
        ("x" * 101, "has 101 characters; say it in at most 100"),
    ],
)
def test_what_is_not_words_in_one_line_is_refused_without_repeating_it(text: str, says: str) -> None:
    with pytest.raises(Unusable, match=says) as refused:
        read_line(text, 100)
    assert "reader" not in str(refused.value)


def test_a_reason_may_say_where_it_stands() -> None:
    assert read_line("the list stands at https://example.org/list", 100, links=True).endswith("/list")
