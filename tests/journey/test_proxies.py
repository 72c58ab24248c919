"""The examples of a proxy before the portal, asked through Debian's own nginx and Caddy: they open the public port
alone, pass on nothing of who asks, and write nothing of a request down, not even where the portal is away."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.asyncio import Redis

from services.demo.stage import free_ports
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.http.server import HttpServer, listen
from services.runtime.settings import REPOSITORY
from services.runtime.streams import open_redis
from tests.redis.public_pages import open_portal
from tests.road import PATIENCE

INFRA = REPOSITORY / "infra"
HOST = "alerts.example.org"
SECRET = "2-secretofsomebodysecretofsomebodysecretofsomebodyaa"
READER = "203.0.113.77"
PATHS = (f"/stop/{SECRET}", f"/manage/{SECRET}", f"/join/{SECRET}", f"/telegram/{SECRET}", f"/?before={SECRET}")


@dataclass(frozen=True)
class Proxy:
    """A program of somebody else, with our example as its configuration."""

    command: tuple[str, ...]
    folder: Path
    client: httpx.AsyncClient

    def written(self) -> str:
        """All that it left in its folder, its output included."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(path.read_bytes().decode(errors="replace") for path in files)


def certificate(folder: Path) -> tuple[Path, Path]:
    """Self-signed, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    start = datetime.now(UTC) - timedelta(hours=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    built = builder.not_valid_after(start + timedelta(days=1)).sign(key, hashes.SHA256())
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return pem, secret


def put_in(text: str, changes: dict[str, str]) -> str:
    """Each of these stands there once, so that what is tested is the example."""
    for there, instead in changes.items():
        assert text.count(there) == 1, there
        text = text.replace(there, instead)
    return text


def nginx(folder: Path, portal: int, ports: dict[str, int]) -> tuple[str, ...]:
    pem, key = certificate(folder)
    conf = put_in(
        (INFRA / "nginx.conf").read_text(),
        {
            "pid /run/vestka-nginx.pid;": f"pid {folder}/pid;",
            "http {\n": "http {\n" + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in TEMPORARY),
            "listen 80;": f"listen 127.0.0.1:{ports['http']};",
            "listen 443 ssl;": f"listen 127.0.0.1:{ports['https']} ssl;",
            f"/etc/ssl/{HOST}.pem": str(pem),
            f"/etc/ssl/private/{HOST}.key": str(key),
            "127.0.0.1:8703": f"127.0.0.1:{portal}",
        },
    )
    (folder / "nginx.conf").write_text(conf)
    return ("nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf"))


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def caddy(folder: Path, portal: int, ports: dict[str, int]) -> tuple[str, ...]:
    pem, key = certificate(folder)
    conf = put_in(
        (INFRA / "Caddyfile").read_text(),
        {
            "admin off\n": f"admin off\nhttp_port {ports['http']}\nhttps_port {ports['https']}\n",
            f"{HOST} {{\n": f"{HOST} {{\ntls {pem} {key}\n",
            "127.0.0.1:8703": f"127.0.0.1:{portal}",
        },
    )
    (folder / "Caddyfile").write_text(conf)
    return ("caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile")


PROGRAMS = {"nginx": nginx, "caddy": caddy}


@asynccontextmanager
async def standing_before(portal: int, name: str, folder: Path) -> AsyncIterator[Proxy]:
    ports = free_ports("http", "https")
    command = PROGRAMS[name](folder, portal, ports)
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **home}
    with (folder / "output").open("wb") as output:
        program = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output, env=environment)
    base = f"https://127.0.0.1:{ports['https']}"
    headers = {"host": HOST, "x-forwarded-for": READER, "x-real-ip": READER, "forwarded": f"for={READER}"}
    try:
        async with httpx.AsyncClient(base_url=base, verify=False, headers=headers, trust_env=False) as client:
            client.timeout = httpx.Timeout(20)
            yield Proxy(command, folder, _named(client))
    finally:
        program.terminate()
        await program.wait()


def _named(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """TLS asks for the name that the certificate is for, whatever address we connect to."""

    async def name(request: httpx.Request) -> None:
        request.extensions["sni_hostname"] = HOST

    client.event_hooks = {"request": [name]}
    return client


async def until_it_answers(proxy: Proxy) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await proxy.client.get("/robots.txt")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


def installed(name: str) -> None:
    if shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None:
        pytest.skip(f"{name} is not installed: 'apt-get install {name}' has it")


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[tuple[Redis, str]]:
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    client = open_redis(server.url)
    yield client, server.url
    await client.aclose()
    server.stop()


@pytest.mark.parametrize("name", PROGRAMS)
async def test_it_opens_the_public_port_alone_and_writes_nothing_of_who_asks(
    name: str, tmp_path: Path, redis: tuple[Redis, str]
) -> None:
    installed(name)
    folder = tmp_path / name
    folder.mkdir()
    async with open_portal(redis[1], tmp_path / "state") as portal:
        port = portal.public.base_url.port or 0
        async with standing_before(port, name, folder) as proxy:
            await until_it_answers(proxy)
            front = await proxy.client.get("/")
            assert front.status_code == 200
            assert "Nothing has been told so far." in front.text
            assert "max-age" in front.headers["strict-transport-security"]
            for path in ("/metrics", "/readyz", "/asyncapi", "/v1/desk/stories", "/v1/reports"):
                assert (await proxy.client.get(path)).status_code == 404
            for path in PATHS:
                assert (await proxy.client.post(path, data={"at": SECRET})).status_code in (200, 404, 405)
            assert (await proxy.client.post("/stop/x", content=b"x" * 200_000)).status_code in (404, 413, 502)
            nothing_was_written(proxy)


@pytest.mark.parametrize("name", PROGRAMS)
async def test_it_writes_nothing_of_who_asks_while_the_portal_is_away(name: str, tmp_path: Path) -> None:
    installed(name)
    async with standing_before(free_ports("nobody")["nobody"], name, tmp_path) as proxy:
        await until_it_answers(proxy)
        for path in PATHS:
            for ask in (proxy.client.get, proxy.client.post):
                assert (await ask(path)).status_code == 502
        nothing_was_written(proxy)


@pytest.mark.parametrize("name", PROGRAMS)
async def test_the_portal_hears_nothing_of_who_asks(name: str, tmp_path: Path) -> None:
    installed(name)
    heard: list[bytes] = []

    async def portal(scope: dict, receive: object, send) -> None:  # type: ignore[type-arg, no-untyped-def]
        heard.append(repr(scope["headers"]).encode())
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    listener = listen("127.0.0.1", 0)
    server = HttpServer(portal, patience=1)  # type: ignore[arg-type]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with standing_before(listener.getsockname()[1], name, tmp_path) as proxy:
        await until_it_answers(proxy)
        await proxy.client.get("/")
    server.should_exit = True
    await task
    assert len(heard) >= 2
    assert READER.encode() not in b"".join(heard)
    assert b"127.0.0.1" not in b"".join(heard)


def nothing_was_written(proxy: Proxy) -> None:
    written = proxy.written()
    assert HOST in written, "its own configuration is there"
    for told in (SECRET, READER, "/stop/2-", "GET /", "POST /", "remote_ip"):
        assert told not in written
