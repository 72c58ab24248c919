"""A request as it is written: framed by us alone."""

from __future__ import annotations

import pytest

from services.egress import BadRequest, EgressPolicy
from services.egress.question import Question
from services.egress.targets import Guard, Target
from services.egress.written import write_request


def to(url: str) -> Target:
    return Target.of(Guard(EgressPolicy()).read_url(url))


PARTNER = to("https://partner.example.org/")


def asked(url: str) -> bytes:
    return write_request(Question("GET", to(url), {}, None, "whole", 100, 0.0))


def test_a_request_is_its_head_and_its_body_in_one_piece() -> None:
    target = to("https://partner.example.org:8443/hook?a=b#c")
    written = write_request(Question("POST", target, {"X-A": "a"}, b"{}", "whole", 100, 0.0))
    assert written == (
        b"POST /hook?a=b HTTP/1.1\r\nHost: partner.example.org:8443\r\nX-A: a\r\n"
        b"accept-encoding: identity\r\nContent-Length: 2\r\n\r\n{}"
    )


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("https://partner.example.org", b"GET / HTTP/1.1\r\nHost: partner.example.org\r\n"),
        ("https://partner.example.org:443/a", b"GET /a HTTP/1.1\r\nHost: partner.example.org\r\n"),
        ("https://[2606:4700:4700::1111]/a", b"GET /a HTTP/1.1\r\nHost: [2606:4700:4700::1111]\r\n"),
        ("https://пример.бел/крючок", b"GET /%D0%BA%D1%80%D1%8E%D1%87%D0%BE%D0%BA HTTP/1.1\r\nHost: xn--e1afmkfd.xn--"),
    ],
)
def test_an_address_is_written_one_way(url: str, head: bytes) -> None:
    assert asked(url).startswith(head)


def test_a_request_without_a_body_says_so_where_one_is_expected() -> None:
    assert b"Content-Length: 0" in write_request(Question("POST", PARTNER, {}, None, "whole", 9, 0.0))
    assert b"Content-Length" not in write_request(Question("GET", PARTNER, {}, None, "whole", 9, 0.0))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-a", "a\r\nx-injected: 1"),
        ("x-a", "a\nb"),
        ("x-a", "a\rb"),
        ("x-a", "a\x00b"),
        ("x-a", "ё"),
        ("x a", "b"),
        ("x-a:", "b"),
        ("", "b"),
        ("x-a\r\nx-b", "c"),
        ("Content-Length", "7"),
        ("transfer-encoding", "chunked"),
        ("HOST", "other.example.org"),
        ("Connection", "close"),
    ],
)
def test_a_field_that_would_break_the_frame_is_our_mistake(name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        write_request(Question("POST", PARTNER, {name: value}, b"x", "whole", 9, 0.0))


@pytest.mark.parametrize("method", ["", "post", "GET /x", "GET\r\n", "HEAD", "CONNECT"])
def test_a_method_that_we_do_not_speak_is_our_mistake(method: str) -> None:
    with pytest.raises(BadRequest):
        write_request(Question(method, PARTNER, {}, None, "whole", 9, 0.0))


def test_what_a_request_bears_is_in_no_repr() -> None:
    target = to("https://secret-partner.example.org/secret-path")
    asked = Question("POST", target, {"x-a": "secret-field"}, b"secret-body", "whole", 9, 0.0)
    assert "secret" not in repr(asked)
