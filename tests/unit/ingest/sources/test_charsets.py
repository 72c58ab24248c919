from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.sources.charsets import decode

RU = "Александр Лукашенко помиловал 20 человек, сообщает пресс-служба. Указ подписан 28 декабря."
BE = "Аляксандр Лукашэнка памілаваў 20 чалавек, паведамляе прэс-служба. Гэта восьмае памілаванне ў краіне."


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "windows-1251", "koi8-r", "cp866", "iso-8859-5", "utf-16"])
def test_a_charset_that_nobody_declares_is_recognised(charset: str) -> None:
    assert decode(RU.encode(charset)) == RU


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "utf-16"])
def test_belarusian_letters_survive(charset: str) -> None:
    assert decode(BE.encode(charset)) == BE


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1251", "koi8-r", "iso-8859-1", "us-ascii", "rubbish", "rot13"])
def test_a_declaration_that_makes_rubbish_is_overruled(charset: str, declared: str) -> None:
    assert decode(RU.encode(charset), f"text/html; charset={declared}") == RU
    assert decode(f'<?xml version="1.0" encoding="{declared}"?>'.encode() + RU.encode(charset)).endswith(RU)
    assert decode(f'<meta charset="{declared}">'.encode() + RU.encode(charset)).endswith(RU)


def test_the_header_goes_before_the_page() -> None:
    body = b'<meta charset="koi8-r">' + "Да".encode("windows-1251")
    assert decode(body, "text/html; charset=windows-1251").endswith("Да")


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
@pytest.mark.parametrize("text", ["УКАЗ ПРЕЗИДЕНТА О ПОМИЛОВАНИИ", "Указ", "В Минске задержан журналист", "Весна"])
def test_a_short_text_is_recognised_when_it_is_declared(charset: str, text: str) -> None:
    assert decode(text.encode(charset), f"text/html; charset={charset}") == text


def test_a_charset_of_another_alphabet_is_believed() -> None:
    assert decode("ąęłżź ćń".encode("iso-8859-2"), "text/html; charset=iso-8859-2") == "ąęłżź ćń"
    assert decode("日本語".encode("shift_jis"), "text/html; charset=shift_jis") == "日本語"


def test_damaged_utf8_stays_utf8() -> None:
    body = (RU * 3).encode()
    damaged = body[:101] + b"\xff" + body[102:-1]
    assert decode(damaged, "text/html; charset=utf-8").count("\ufffd") <= 3


def test_utf8_with_a_mark_loses_the_mark() -> None:
    assert decode(b"\xef\xbb\xbfok") == "ok"


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_bytes_and_no_declaration_raise(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.binary(max_size=100), st.sampled_from(["hex", "zlib", "base64", "idna", "punycode", "utf-7", "undefined"]))
def test_no_odd_codec_raises(body: bytes, name: str) -> None:
    assert isinstance(decode(body, f"text/html; charset={name}"), str)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "iso-8859-15", "iso-8859-9"])
@pytest.mark.parametrize(
    "text", ["François Müller was detained at a café in Minsk.", "Zürich", "Détenu, libéré, gracié"]
)
def test_accents_in_latin_words_are_no_cyrillic(charset: str, text: str) -> None:
    assert decode(text.encode(charset), f"text/html; charset={charset}") == text
    assert decode(text.encode("windows-1252")) == text


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-u"])
def test_cyrillic_beside_latin_words_and_tags_stays_cyrillic(charset: str) -> None:
    text = "<p>BelTA: Лукашенко <b>помиловал</b> 18 человек, сообщает BelTA.</p>"
    assert decode(text.encode(charset), "text/html; charset=iso-8859-1") == text


@pytest.mark.parametrize(
    ("name", "codec"), [("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be"), ("x-mac-cyrillic", "mac-cyrillic")]
)
def test_a_declaration_is_believed_under_every_name_it_goes_by(name: str, codec: str) -> None:
    assert decode("Помилование в Минске".encode(codec), f"text/html; charset={name}") == "Помилование в Минске"
