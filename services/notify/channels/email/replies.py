"""What a mail server says, cut into replies (RFC 5321, section 4.2)."""

from __future__ import annotations

from typing import Final, NamedTuple

_LONGEST_REPLY: Final = 32_768
"""Bytes of one reply, all its lines together."""

NOT_UNDERSTOOD: Final = -1


class SmtpReply(NamedTuple):
    """`code`: NOT_UNDERSTOOD where there was none."""

    code: int
    said: bytes = b""

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def text(self) -> str:
        return self.said.decode("utf-8", "surrogateescape")


class Replies:
    """Comes in pieces, goes out in replies; of several lines their texts, with line breaks between."""

    def __init__(self) -> None:
        self._unended = b""
        self._lines: list[bytes] = []
        self._size = 0

    def hear(self, data: bytes) -> list[SmtpReply]:
        *lines, self._unended = (self._unended + data).split(b"\n")
        said: list[SmtpReply] = []
        for line in lines:
            self._size += len(line)
            if line[3:4] == b"-" and line[:3].isdigit() and self._size <= _LONGEST_REPLY:
                self._lines.append(line[4:].strip())
            else:
                said.append(self._reply(line))
        if self._size + len(self._unended) > _LONGEST_REPLY:
            self._unended = b""
            said.append(SmtpReply(NOT_UNDERSTOOD, b"Response too long"))
        return said

    def _reply(self, line: bytes) -> SmtpReply:
        code, said = line[:3], line[4:].strip()
        if self._lines:
            said = b"\n".join([*self._lines, said])
            self._lines = []
        size, self._size = self._size, 0
        if size > _LONGEST_REPLY or len(code) != 3 or not code.isdigit():
            return SmtpReply(NOT_UNDERSTOOD, b"Malformed SMTP response line")
        return SmtpReply(int(code), said)
