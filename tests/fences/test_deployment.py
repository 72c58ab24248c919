"""What can be held to of docker-compose.yml and its images without Docker.

It must be valid for the Compose Specification and for docker-compose 1.29 alike, so it keeps to the words both know:
the keys below stand in 1.29's own `compose_spec.json` and in https://github.com/compose-spec/compose-spec.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.demo.__main__ import read_arguments
from services.ingest.settings import IngestSettings
from services.notify.settings import NotifySettings
from services.portal.settings import PortalSettings
from services.runtime.settings import REPOSITORY, RuntimeSettings
from services.version import VERSION

COMPOSE = (REPOSITORY / "docker-compose.yml").read_text()
DOCKERFILE = (REPOSITORY / "infra" / "Dockerfile").read_text()
REDIS_CONF = (REPOSITORY / "infra" / "redis.conf").read_text()

TOP_KEYS = {"services", "networks", "volumes"}
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "logging",
    "networks", "pids_limit", "ports", "read_only", "restart", "security_opt", "stop_grace_period", "tmpfs", "user",
    "volumes",
}  # fmt: skip
KEYS_WITHIN = {
    "build": {"context", "dockerfile"},
    "healthcheck": {"test", "interval", "timeout", "retries", "start_period"},
    "logging": {"driver", "options"},
}
LISTS_OF_TEXT = ("cap_drop", "command", "env_file", "networks", "ports", "security_opt", "tmpfs", "volumes")
ONE_DURATION = r"\d+s"
PINNED = r"[a-z][a-z0-9/-]*:\d[\w.-]*"

SERVICES = ("redis", "ingest", "notify", "portal", "mail")
BEHIND_REDIS = ("ingest", "notify", "portal")
WITH_KEYS = ("notify", "portal")


@cache
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMPOSE)
    return document


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def rules(conf: str) -> dict[str, str]:
    lines = [line.partition(" ") for line in conf.splitlines() if line and not line.startswith("#")]
    return {name: value for name, _, value in lines}


# ── valid for both ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_has_redis_the_three_services_and_a_mail_catcher() -> None:
    assert set(compose()["services"]) == set(SERVICES)


def test_its_top_level_keeps_to_what_both_composes_know() -> None:
    assert {key for key in compose() if not key.startswith("x-")} == TOP_KEYS


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_keeps_to_what_both_composes_know(name: str) -> None:
    described = service(name)
    assert set(described) <= SERVICE_KEYS
    for key, known in KEYS_WITHIN.items():
        assert set(described.get(key, {})) <= known
    for key in LISTS_OF_TEXT:
        assert all(isinstance(one, str) for one in described.get(key, [])), f"{key}: 1.29 takes no maps here"
    for dependency in described.get("depends_on", {}).values():
        assert dependency == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", SERVICES)
def test_values_have_the_types_both_composes_take(name: str) -> None:
    described = service(name)
    check = described["healthcheck"]
    for duration in (described["stop_grace_period"], check["interval"], check["timeout"], check["start_period"]):
        assert re.fullmatch(ONE_DURATION, duration)
    for text in [*described.get("environment", {}).values(), *described["logging"]["options"].values()]:
        assert isinstance(text, str)
    assert set(described["networks"]) <= set(compose()["networks"])


def test_a_variable_always_has_a_default_and_none_stands_within_another() -> None:
    used = re.findall(r"\$\{[^}]*\}?", COMPOSE)
    assert used
    for variable in used:
        assert re.fullmatch(r"\$\{[A-Z_]+:-[^${}]+\}", variable)


# ── hardened ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    described = service(name)
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", described["user"]), "a number that is not root's"


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_started_again_and_its_health_is_asked_for(name: str) -> None:
    assert service(name)["restart"] == "unless-stopped"
    assert service(name)["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", SERVICES)
def test_a_published_port_is_open_to_this_machine_only(name: str) -> None:
    for port in service(name).get("ports", []):
        assert port.startswith("127.0.0.1:")


def test_redis_can_be_reached_by_the_services_only_and_reaches_nobody() -> None:
    assert service("redis")["networks"] == ["data"]
    assert "ports" not in service("redis")
    assert compose()["networks"]["data"] == {"internal": True}
    assert [name for name in SERVICES if "data" in service(name)["networks"]] == ["redis", *BEHIND_REDIS]


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    for variable in service(name).get("environment", {}):
        assert not re.search(r"TOKEN|PASSWORD|SECRET|KEY(?!S_DIR)", variable)


@pytest.mark.parametrize("name", BEHIND_REDIS)
def test_each_service_sees_its_own_secrets_only_and_cannot_change_them(name: str) -> None:
    secrets = [one for one in service(name)["volumes"] if "ecrets" in one]
    assert secrets == [f"${{VESTKA_SECRETS:-./infra/secrets}}/{name}:/run/secrets:ro"]


def test_what_notify_keeps_outside_redis_outlives_the_container() -> None:
    folder = service("notify")["environment"]["VESTKA_STATE_DIR"]
    kept = {place: name for name, place in (one.split(":")[:2] for one in service("notify")["volumes"])}
    assert kept[str(Path(folder).parent)] in compose()["volumes"]


def test_the_keys_of_subscribers_are_on_a_mount_of_their_own_that_only_those_see_who_open_the_store() -> None:
    for name in WITH_KEYS:
        folder = Path(service(name)["environment"]["VESTKA_KEYS_DIR"])
        assert f"${{VESTKA_KEYS:-notify-keys}}:{folder.parent}" in service(name)["volumes"]
    assert "notify-keys" in compose()["volumes"]
    others = [name for name in SERVICES if name not in WITH_KEYS]
    assert not any("keys" in str(one) for name in others for one in service(name).get("volumes", ()))


def test_who_stops_by_a_link_is_written_down_where_notify_reads_it() -> None:
    for part in ("VESTKA_STATE_DIR", "VESTKA_KEYS_DIR"):
        assert service("portal")["environment"][part] == service("notify")["environment"][part]
    assert service("notify")["volumes"][0] == service("portal")["volumes"][0]


def test_the_portal_shares_a_network_with_redis_and_with_nobody_else() -> None:
    others = {one for name in SERVICES if name != "portal" for one in service(name)["networks"]}
    assert others & set(service("portal")["networks"]) == {"data"}


def test_the_private_port_of_the_portal_is_published_nowhere() -> None:
    private = PortalSettings.model_fields["portal_private_port"].default
    assert not any(str(private) in port for name in SERVICES for port in service(name).get("ports", []))
    assert service("portal")["ports"] == [f"127.0.0.1:{PortalSettings.model_fields['portal_port'].default}:8703"]
    assert f"http://127.0.0.1:{private}/readyz" in service("portal")["healthcheck"]["test"][-1]
    assert service("portal")["environment"]["VESTKA_PORTAL_HOST"] == "0.0.0.0"
    assert "VESTKA_PORTAL_PRIVATE_HOST" not in service("portal")["environment"]


@pytest.mark.parametrize("example", ["nginx.conf", "Caddyfile"])
def test_a_proxy_of_the_examples_names_the_public_port_alone(example: str) -> None:
    code = re.sub(r"#.*", "", (REPOSITORY / "infra" / example).read_text())
    assert re.findall(r"127\.0\.0\.1:(\d+)", code) == [str(PortalSettings.model_fields["portal_port"].default)]


# ── fits the code ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("ingest", IngestSettings.model_fields["ingest_port"].default),
        ("notify", NotifySettings.model_fields["notify_port"].default),
    ],
)
def test_a_service_is_published_and_asked_where_it_listens(name: str, port: int) -> None:
    assert service(name)["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"http://127.0.0.1:{port}/readyz" in service(name)["healthcheck"]["test"][-1]
    assert service(name)["environment"][f"VESTKA_{name.upper()}_HOST"] == "0.0.0.0"


@pytest.mark.parametrize("name", BEHIND_REDIS)
def test_a_service_never_falls_back_to_an_embedded_redis(name: str) -> None:
    assert "redis://redis:6379/0" in service(name)["environment"]["REDIS_URL"]
    assert service(name)["depends_on"] == {"redis": {"condition": "service_healthy"}}


def test_the_mail_catcher_understands_its_command_and_is_published_where_it_listens() -> None:
    program, arguments = service("mail")["command"][:3], read_arguments(service("mail")["command"][3:])
    assert program == ["python", "-m", "services.demo"]
    assert arguments.host == "0.0.0.0"
    assert service("mail")["ports"] == [f"127.0.0.1:{arguments.page_port}:{arguments.page_port}"]
    assert str(arguments.smtp_port) in service("mail")["healthcheck"]["test"][-1]


def test_redis_loses_nothing_it_accepted() -> None:
    conf = rules(REDIS_CONF)
    assert conf["appendonly"] == "yes"
    assert conf["appendfsync"] == "everysec"
    assert conf["maxmemory-policy"] == "noeviction"


def test_redis_refuses_writes_before_the_machine_is_full() -> None:
    assert rules(REDIS_CONF)["maxmemory"] == RuntimeSettings.model_fields["redis_maxmemory"].default
    assert rules(REDIS_CONF)["maxmemory"] != "0"


def test_redis_keeps_its_files_in_the_named_volume() -> None:
    (volume,) = [one for one in service("redis")["volumes"] if one.startswith("redis-data:")]
    assert rules(REDIS_CONF)["dir"].startswith(volume.removeprefix("redis-data:") + "/")
    assert "redis-data" in compose()["volumes"]
    assert "./infra/redis.conf:/etc/redis.conf:ro" in service("redis")["volumes"]
    assert service("redis")["command"][-1].endswith("exec redis-server /etc/redis.conf")


# ── the image ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_images_of_others_are_pinned_to_a_version() -> None:
    for image in (*re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE), service("redis")["image"]):
        assert re.fullmatch(PINNED, image)


def test_packages_are_installed_with_their_hashes_and_never_compiled() -> None:
    installs = re.findall(r"pip (?:--python \S+ )?install(.*?)(?:\n(?! ))", DOCKERFILE, re.DOTALL)
    assert installs
    for options in installs:
        assert "--require-hashes" in options
        assert "--only-binary :all:" in options


def test_what_runs_is_not_root_writes_no_bytecode_and_says_whether_it_is_well() -> None:
    final = re.split("^FROM ", DOCKERFILE, flags=re.MULTILINE)[-1]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", final, re.MULTILINE)
    assert "PYTHONDONTWRITEBYTECODE=1" in final
    assert re.search(r"^HEALTHCHECK ", final, re.MULTILINE)
    assert "RUN" not in final, "nothing is built where it runs"


def test_what_the_dockerfile_copies_is_let_through_to_the_builder() -> None:
    first, *exceptions = [line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line[:1] != "#"]
    assert first == "*"
    passed = [line.removeprefix("!") for line in exceptions if line.startswith("!")]
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert any(one == source or one.startswith(f"{source}/") for one in passed)
    for secret in (".git", ".env", "infra/secrets/notify/vestka_channels", "infra/settings.env"):
        assert not any(fnmatch.fnmatch(secret, one) or secret.startswith(f"{one}/") for one in passed)


def test_the_image_has_the_very_versions_that_are_pinned_and_what_the_demo_needs_beside() -> None:
    ours, with_demo = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (REPOSITORY / f"requirements{part}.lock").read_text(), re.MULTILINE))
        for part in ("", "-demo")
    )
    assert ours.items() <= with_demo.items()
    assert {"aiosmtpd", "standardwebhooks"} <= with_demo.keys() - ours.keys()


def test_the_image_says_what_it_is_as_the_project_does() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    labels = dict(re.findall(r'org\.opencontainers\.image\.([\w.]+)="([^"]*)"', DOCKERFILE))
    assert labels == {
        "title": "Vestka",
        "description": project["description"],
        "version": VERSION,
        "revision": "$REVISION",
        "licenses": project["license"],
        "base.name": f"docker.io/library/{re.split('^FROM ', DOCKERFILE, flags=re.MULTILINE)[-1].split()[0]}",
    }
