"""Reports as mail servers write them, made up for tests: of what was not delivered, and of complaints."""

from __future__ import annotations


def not_delivered(
    to: str,
    message_id: str,
    status: str = "5.1.1",
    *,
    action: str = "failed",
    diagnostic: str = "",
    headers_only: bool = False,
    final: str | None = None,
    number: int = 1,
) -> bytes:
    """RFC 3464, with the letter (or its head) that came back."""
    letter = f"From: Newsletter <alerts@vestka.example>\r\nTo: {to}\r\nMessage-ID: <{message_id}@vestka.example>\r\n"
    body = "" if headers_only else "What it said.\r\n"
    returned = "text/rfc822-headers" if headers_only else "message/rfc822"
    said = f"Diagnostic-Code: smtp; {diagnostic}\r\n" if diagnostic else ""
    return f"""From: MAILER-DAEMON@mail.example.org\r
To: alerts@vestka.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <{number}@mail.example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r
\r
--x\r
Content-Type: text/plain\r
\r
I am sorry.\r
--x\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mail.example.org\r
\r
Final-Recipient: rfc822; {final or to}\r
Action: {action}\r
Status: {status}\r
{said}\r
--x\r
Content-Type: {returned}\r
\r
{letter}\r
{body}--x--\r
""".encode()


def complaint(to: str, message_id: str, kind: str = "abuse") -> bytes:
    """ARF, RFC 5965; the recipient in the report is blacked out, as many providers do (RFC 6590)."""
    return f"""From: feedback@mail.example.org\r
To: alerts@vestka.example\r
Subject: complaint\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary="x"\r
\r
--x\r
Content-Type: text/plain\r
\r
This is a report.\r
--x\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: {kind}\r
User-Agent: Feedback/1.0\r
Version: 1\r
Original-Rcpt-To: <redacted@mail.example.org>\r
\r
--x\r
Content-Type: message/rfc822\r
\r
From: Newsletter <alerts@vestka.example>\r
To: {to}\r
Message-ID: <{message_id}@vestka.example>\r
\r
What it said.\r
--x--\r
""".encode()
