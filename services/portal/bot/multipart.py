"""A form with one file in it (RFC 7578), for `sendDocument`. Pure but for the dice of its boundary."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

import msgspec

FILE_NAME: Final = "subscription.json"


def with_file(arguments: Mapping[str, Any], file: bytes) -> tuple[str, bytes]:
    """The content type, and the body: what is no text is written as JSON, as the Bot API reads it."""
    boundary = secrets.token_hex(24)
    parts = [_field(name, value) for name, value in arguments.items()]
    head = f'content-disposition: form-data; name="document"; filename="{FILE_NAME}"\r\ncontent-type: application/json'
    parts.append(head.encode() + b"\r\n\r\n" + file)
    whole = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f"multipart/form-data; boundary={boundary}", whole + b"--" + boundary.encode() + b"--\r\n"


def _field(name: str, value: Any) -> bytes:
    text = value.encode() if isinstance(value, str) else msgspec.json.encode(value)
    return f'content-disposition: form-data; name="{name}"\r\n\r\n'.encode() + text
