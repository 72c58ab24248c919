"""A form with a file is read as a browser sends it, whatever is in the file; whatever is no such form is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from services.portal.frame.page_refused import PageRefused
from services.portal.frame.uploaded_form import UploadedForm, uploaded_form

MOST = 10_000


def read(content_type: str, body: bytes) -> UploadedForm:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode("latin-1"))]}
    return asyncio.run(uploaded_form(Request(scope, receive), MOST))


def sent(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> UploadedForm:
    """As httpx writes it."""
    request = httpx.Request("POST", "https://x.example", data=fields, files=files)
    return read(request.headers["content-type"], request.read())


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_a_file_comes_as_it_is_and_its_name_does_not_matter(content: bytes, name: str) -> None:
    form = sent({"form": "1-abc", "pasted": ""}, {"file": (name or "x", content)})
    assert form.files == ({"file": content} if content else {})
    assert form.fields == {"form": ("1-abc",), "pasted": ("",)}


def test_line_ends_and_letters_of_a_field_are_as_in_any_form() -> None:
    assert sent({"pasted": "a\r\nb\u200f ключ"}, {"file": ("", b"")}).fields["pasted"] == ("a\nb ключ",)


BOUNDARY = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n1\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"form=1"),
        ("multipart/form-data", PART),
        ("multipart/form-data; boundary=" + "x" * 71, PART),
        ("multipart/mixed; boundary=x", PART),
        (BOUNDARY, b""),
        (BOUNDARY, b"--x"),
        (BOUNDARY, PART.replace(b"--x--", b"--x")),
        (BOUNDARY, PART.replace(b"\r\n\r\n", b"\r\n")),
        (BOUNDARY, PART.replace(b'"form"', b'"fo rm"')),
        (BOUNDARY, PART.replace(b"form-data; name", b"attachment; name")),
        (BOUNDARY, PART.replace(b"\r\n1\r\n", b"\r\n\xff\r\n")),
        (BOUNDARY, PART.replace(b"\r\n1\r\n", b"\r\n\x00\r\n")),
        (BOUNDARY, PART.replace(b"--x--\r\n", b"") + PART.replace(b"--x--\r\n", b"") * 20 + b"--x--"),
        (BOUNDARY, b"x" * (MOST + 1)),
    ],
)
def test_whatever_is_no_such_form_is_refused(kind: str, body: bytes) -> None:
    assert read(BOUNDARY, PART).fields == {"form": ("1",)}
    with pytest.raises(PageRefused):
        read(kind, body)


@given(st.binary(max_size=300))
def test_no_body_breaks_the_reading(body: bytes) -> None:
    for whole in (body, b"--x\r\n" + body, PART[:-8] + body + b"\r\n--x--"):
        try:
            read(BOUNDARY, whole)
        except PageRefused:
            continue
