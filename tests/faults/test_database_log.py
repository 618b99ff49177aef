"""PostgreSQL's log of statements that fail: no names with the settings of docker-compose.yml, else a warning."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import yaml

from teams.operation import queries
from tests.servers import Servers, wait_until

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
FLAGS = dict(
    re.fullmatch(r"-c(\w+)=(\w+)", part).groups() for part in COMPOSE["services"]["postgres"]["command"][1:]
)
FAILING = (
    "INSERT INTO pupil VALUES ('Maya Okafor')",  # its DETAIL quotes the key
    "UPDATE pupil SET name = name || 'Maya Okafor' WHERE 1 / 0 = 1",
    "SELECT * FROM pupils WHERE name = 'Maya Okafor'",
    "SELECT pg_sleep(9) FROM pupil WHERE name = 'Maya Okafor'",  # takes too long
)


@pytest.fixture
def postgres():
    """A PostgreSQL of its own, and connections to it."""
    # In /tmp, not in TMPDIR: a socket's path has at most 107 characters.
    servers = Servers(Path(tempfile.mkdtemp(prefix="collab-", dir="/tmp")))
    servers.folder.chmod(0o711)
    folder = servers.folder = servers.folder / "servers"
    folder.mkdir(mode=0o700)
    servers.data, servers.log = folder / "pg", folder / "pg.log"
    servers._start_postgres()
    yield servers
    servers.stop()
    shutil.rmtree(folder.parent)


def connect(postgres):
    return psycopg.connect(f"host={postgres.folder} user=postgres dbname=postgres", autocommit=True)


def fail_everything(postgres):
    """Let statements fail, as pages send them and with parameters apart. Returns what the log gained."""
    before = len(postgres.log.read_text())
    with connect(postgres) as line:
        line.execute("SET statement_timeout = 100")
        for statement in FAILING:
            with suppress(psycopg.Error):
                line.execute(statement)
        with suppress(psycopg.Error):
            line.execute("INSERT INTO pupil VALUES (%s)", ["Maya Okafor"], prepare=True)
    wait_until(
        lambda: postgres.log.read_text()[before:].count("ERROR:") == len(FAILING) + 1, "Nothing was logged."
    )
    return postgres.log.read_text()[before:]


class Line:
    """A connection as the product sees it."""

    vendor = "postgresql"

    def __init__(self, line):
        self.cursor = line.cursor


def test_the_log_of_compose_names_no_student_and_another_is_warned_of(postgres, monkeypatch):
    with connect(postgres) as line:
        line.execute("CREATE TABLE pupil (name text PRIMARY KEY)")
        line.execute("INSERT INTO pupil VALUES ('Maya Okafor')")
        assert fail_everything(postgres).count("Okafor") == 6  # PostgreSQL's own settings
        monkeypatch.setattr(queries, "connection", Line(line))
        assert queries.quoting_settings() == [
            "log_error_verbosity = default",
            "log_min_error_statement = error",
        ]
        for name, value in FLAGS.items():
            line.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        line.execute("SELECT pg_reload_conf()")
        wait_until(lambda: queries.quoting_settings() == [], "The settings were not read.")
    assert "Okafor" not in fail_everything(postgres)
