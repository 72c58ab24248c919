"""A form with a file in it (RFC 7578), as `sendDocument` takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class SentFile:
    name: str
    content: bytes = field(repr=False)


def read_multipart(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, SentFile]]:
    """The fields and the files, by name; nothing of what is no such form."""
    whole = message_from_bytes(b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n" + body,
                               policy=policy.HTTP)  # fmt: skip
    fields, files = dict[str, str](), dict[str, SentFile]()
    for part in whole.iter_parts() if isinstance(whole, EmailMessage) and whole.is_multipart() else ():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        raw = content if isinstance(content, bytes) else b""
        if (file_name := part.get_filename()) is not None:
            files[name] = SentFile(file_name, raw)
        else:
            fields[name] = raw.decode("utf-8", "replace")
    return fields, files
