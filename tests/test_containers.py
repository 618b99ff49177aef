"""Container files: their structure, and that they run only `./dev` commands, which other tests start."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from collab.config.asgi import STREAM_THREADS, THREADS
from collab.config.environment import HINTS

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OWN = ["migrate", "web", "worker", "beat"]


def test_the_services_exist_with_persistent_volumes():
    assert set(COMPOSE["services"]) == {*OWN, "postgres", "redis"}
    assert set(COMPOSE["volumes"]) == {"data", "postgres", "redis"}


@pytest.mark.parametrize("name", OWN)
def test_our_services_run_the_commands_of_dev(name):
    assert COMPOSE["services"][name]["command"] == ["./dev", name]
    assert re.search(rf"^    {name}\)", (ROOT / "dev").read_text(), re.MULTILINE)


NOT_IN_CONTAINERS = {"DEBUG", "DEMO", "DEMO_PASSWORD", "CLOCK_OFFSET", "PORT"}


@pytest.mark.parametrize("name", OWN)
def test_every_setting_of_the_readme_reaches_our_services(name):
    table = re.search(r"^\| setting \|.*?\n\n", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[0]
    settings = {
        name
        for row in table.strip().splitlines()[2:]
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert settings == {*HINTS, "WEB_PROCESSES"}
    passed = set(COMPOSE["services"][name]["environment"])
    assert passed == settings - NOT_IN_CONTAINERS | {"HOST"}


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_no_service_takes_all_memory(name):
    assert re.fullmatch(r"\d+[mg]", COMPOSE["services"][name]["mem_limit"])


@pytest.mark.parametrize("name", ["web", "postgres", "redis"])
def test_servers_have_a_health_check(name):
    assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_secrets_and_data_beside_the_code_come_into_no_image_and_no_commit():
    ignored = {name: (ROOT / name).read_text().splitlines() for name in (".dockerignore", ".gitignore")}
    assert {".env", "var", ".git", "*.sqlite3"} <= set(ignored[".dockerignore"])
    # Without a slash: a link of that name is no folder to git: committed, it would replace the folder in other checkouts.
    assert {".env", ".venv", ".tools"} <= set(ignored[".gitignore"])


def test_the_image_is_checked_as_compose_checks_its_web_server():
    (checked,) = re.findall(r"^HEALTHCHECK .*? CMD (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert ["CMD", *shlex.split(checked)] == COMPOSE["services"]["web"]["healthcheck"]["test"]


def test_the_log_of_the_database_quotes_no_rows_statements_or_parameters():
    assert COMPOSE["services"]["postgres"]["command"] == [
        "postgres",
        "-clog_error_verbosity=terse",
        "-clog_min_error_statement=panic",
        "-clog_parameter_max_length_on_error=0",
    ]


def test_redis_forgets_the_cache_before_the_memory_ends_and_never_the_queue():
    redis = COMPOSE["services"]["redis"]
    command = redis["command"]
    most = int(command[command.index("--maxmemory") + 1].removesuffix("mb"))
    assert 2 * most <= int(redis["mem_limit"].removesuffix("m"))
    assert command[command.index("--maxmemory-policy") + 1] == "volatile-lru"


@pytest.mark.parametrize(
    ("cores", "wanted", "processes"), [(2, None, "2"), (4, None, "4"), (64, None, "4"), (64, "12", "12")]
)
def test_the_web_server_starts_a_process_per_core_up_to_four(tmp_path, cores, wanted, processes):
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, line in {"getconf": f"echo {cores}", "uvicorn": 'echo "$@"', "python": "exit 0"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    shutil.copy(ROOT / "dev", tmp_path)
    environment = {"PATH": os.environ["PATH"]} | ({"WEB_PROCESSES": wanted} if wanted else {})
    started = subprocess.run(
        ["sh", tmp_path / "dev", "web"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"--workers (\d+)", started)[1] == processes


def test_the_readme_names_the_database_connections_of_a_web_process():
    (row,) = re.findall(r"^\| `WEB_PROCESSES` .*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    connections = THREADS + STREAM_THREADS
    assert f"{connections} database connections" in row
    assert 4 * connections < 50  # of PostgreSQL's 100, which workers and people at the command line use too


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS", "EMAIL_URL", "SITE_URL"):
        assert re.findall(rf"\${{{name}([^}}]{{2}})", text), name
        assert set(re.findall(rf"\${{{name}([^}}]{{2}})", text)) == {":?"}


def test_the_image_installs_by_hash_and_runs_as_an_unprivileged_user():
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements-run.lock" in text
    assert "\nUSER collab\n" in text
    assert 'CMD ["./dev", "web"]' in text


def test_the_image_has_compiled_code_since_its_user_can_write_none():
    text = (ROOT / "Dockerfile").read_text()
    (folders,) = re.findall(r"python -m compileall -q ([a-z ]+) &&", text)
    assert {*folders.split()} == {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert text.index("compileall") < text.index("\nUSER collab\n")
