"""Debian's own Postfix between us and a far side of the test's: it takes our letters, and tells us what became of them.

A configuration, a queue and a log of its own, on loopback alone; it relays nothing to anywhere else.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from services.demo.stage import free_port

_MAIN: Final = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.test
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = smtp:[127.0.0.1]:{far_side}
smtp_tls_security_level = none
# the first temporary refusal is the last: the report of it comes now and not in five days
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
alias_maps =
alias_database =
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""
_MASTER: Final = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def what_is_missing() -> str:
    """Empty where there is a Postfix that we may start."""
    if shutil.which("postfix") is None:
        return "there is no Postfix: apt-get install postfix"
    return "" if os.geteuid() == 0 else "only root may start a Postfix"


@asynccontextmanager
async def open_postfix(far_side: int) -> AsyncIterator[int]:
    """Its port. `far_side`: the port of a mail server of this machine, to which it passes everything on, its own
    reports included."""
    with tempfile.TemporaryDirectory(prefix="vestka-postfix-") as name:  # pytest's folders are closed to its users
        folder, port = Path(name), free_port(0)
        await asyncio.to_thread(_lay_out, folder, far_side, port)
        await _postfix(folder, "start")
        try:
            yield port
        finally:
            await _postfix(folder, "stop")


def _lay_out(folder: Path, far_side: int, port: int) -> None:
    folder.chmod(0o755)
    settings = folder / "etc"
    for made in (settings, folder / "queue", folder / "data"):
        made.mkdir()
    shutil.chown(folder / "data", "postfix")
    (settings / "main.cf").write_text(_MAIN.format(folder=folder, far_side=far_side))
    (settings / "master.cf").write_text(_MASTER.format(port=port))
    for known in ("postfix-files", "dynamicmaps.cf"):
        shutil.copy(Path("/etc/postfix") / known, settings)


async def _postfix(folder: Path, verb: str) -> None:
    """Raises AssertionError with what it says where it does not do so."""
    process = await asyncio.create_subprocess_exec(
        *("postfix", "-c", str(folder / "etc"), verb),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode(errors="replace")
