"""Settings: a clear sentence for each bad value, and what production refuses."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from collab.config.environment import HINTS, NEW_SECRET, read_environment
from collab.config.sign_in import providers_of

ROOT = Path(__file__).parents[2]
GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "2vYw8-Qm4Zr_0nXcT7bLk9Jd5HsGf3PaUeRi6OyWq1VtBxEz" + "NhMj",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "collab.example.org",
    "EMAIL_URL": "submission://user:password@mail.example.org:587",
    "SITE_URL": "https://collab.example.org",
}


def start(tmp_path, **environment):
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**clean, "DATA_DIR": str(tmp_path), **environment},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Read an environment of these settings alone."""

    def read_only(**environment):
        for name in HINTS:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return read_environment()

    return read_only


@pytest.fixture
def refusals(read, capsys):
    """The lines with which these settings are refused."""

    def refused(**environment):
        with pytest.raises(SystemExit) as ended:
            read(**environment)
        assert ended.value.code == 2
        return capsys.readouterr().err.splitlines()

    return refused


@pytest.mark.child
def test_production_starts_with_good_settings(tmp_path):
    assert start(tmp_path, **GOOD).returncode == 0


@pytest.mark.child
def test_a_bad_value_ends_the_start_without_a_traceback(tmp_path):
    done = start(tmp_path, **{**GOOD, "TIME_ZONE": "Mars/Olympus"})
    assert done.returncode == 2
    assert done.stderr == (
        "Collab cannot start: TIME_ZONE is not usable: write a name like America/Chicago.\n"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "ab" * 40),
        ("SECRET_KEY", "development-only-secret-that-production-refuses-to-start-with"),
        ("DEBUG", "true"),
        ("DEBUG", "maybe"),
        ("DEMO", "true"),
        ("CLOCK_OFFSET", "-3d"),
        ("CLOCK_OFFSET", "yesterday"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", ""),
        ("CSRF_TRUSTED_ORIGINS", "collab.example.org"),
        ("ENVIRONMENT", "staging"),
        ("DATA_DIR", "/dev/null/files"),
        ("DATABASE_URL", "mysql?//nowhere"),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("REDIS_URL", "http://redis"),
        ("EMAIL_URL", "pigeon://coop"),
        ("EMAIL_URL", "console:"),
        ("SITE_URL", "http://collab.example.org"),
        ("EMAIL_URL", "smtp://user:password@host:port"),
        ("DEFAULT_FROM_EMAIL", "Collab"),
        ("SITE_URL", "https://collab.example.org/path"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("UPLOAD_MAX_MB", "many"),
        ("UPLOAD_MAX_ROWS", "3"),
        ("UPLOAD_MAX_SECONDS", "0"),
        ("UPLOAD_MAX_MEMORY_MB", "little"),
        ("BODY_SECONDS", "0"),
        ("PAGE_LOCK_SECONDS", "long"),
        ("PAGE_QUERY_SECONDS", "0"),
        ("LANGUAGE_CODE", "xx"),
        ("BEHIND_PROXY", "often"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("ADMIN_EMAIL", "ops"),
        ("READY_TOKEN", "short"),
        ("TRUSTED_PROXIES", "all"),
        ("TRUSTED_PROXIES", "-1"),
        ("SIGN_IN_GOOGLE", "id"),
        ("SIGN_IN_GOOGLE", "id secret more"),
        ("SIGN_IN_CLEVER", "id"),
        ("SIGN_IN_MICROSOFT", "id secret"),
        ("SIGN_IN_MICROSOFT", "id secret common"),
        ("SIGN_IN_MICROSOFT", "id secret organizations"),
        ("SIGN_IN_MICROSOFT", "id secret consumers"),
        ("SIGN_IN_OIDC", "id secret https://login.example.org"),
        ("SIGN_IN_OIDC", "id secret http://login.example.org Lincoln"),
        ("SIGN_IN_DOMAINS", "example"),
        ("SIGN_IN_DOMAINS", "@lincoln.example.org"),
    ],
)
def test_a_bad_value_is_named_in_a_sentence_that_says_what_to_write(refusals, name, value):
    assert refusals(**{**GOOD, name: value}) == [f"Collab cannot start: {name} is not usable: {HINTS[name]}."]


def test_production_has_no_secret_of_its_own(refusals):
    [told] = refusals(**{name: value for name, value in GOOD.items() if name != "SECRET_KEY"})
    hint = f"write 50 random characters or more of your own; to make them: {NEW_SECRET}"
    assert told == f"Collab cannot start: SECRET_KEY is not usable: {hint}."


def test_demo_accounts_need_a_password(refusals, read):
    [told] = refusals(DEMO="true", DEMO_PASSWORD="")
    hint = "write the password of the demo accounts, or leave it out for “demo”"
    assert told == f"Collab cannot start: DEMO_PASSWORD is not usable: {hint}."
    assert read(DEMO="false", DEMO_PASSWORD="").demo_password == ""


@pytest.mark.parametrize("value", ["999999999999d", "-999999999999d", "9" * 30, "99999999999", "36526d"])
def test_a_clock_out_of_reach_is_refused_in_a_sentence(refusals, value):
    told = refusals(CLOCK_OFFSET=value)
    assert told == [f"Collab cannot start: CLOCK_OFFSET is not usable: {HINTS['CLOCK_OFFSET']}."]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("", 0), ("-1663553", -1663553), ("-263d4h", -22708800), ("36525d", 36525 * 86400)],
)
def test_a_clock_may_differ_by_days_or_seconds(read, value, seconds):
    given = {"CLOCK_OFFSET": value} if value else {}
    assert read(**given).clock_offset.total_seconds() == seconds


def test_each_provider_has_its_issuer_and_only_some_trust_the_schools_domains(read):
    tenant = "11111111-2222-3333-4444-555555555555"
    found = providers_of(
        read(
            SIGN_IN_GOOGLE="google s1",
            SIGN_IN_MICROSOFT=f"microsoft s2 {tenant}",
            SIGN_IN_CLEVER="clever  s3",
            SIGN_IN_OIDC="oidc s4 https://login.example.org/ Lincoln’s own login",
            SIGN_IN_DOMAINS="lincoln.example.org",
        )
    )
    assert [
        (one["client_id"], one["secret"], one["name"], one["issuer"], one["domains"]) for one in found
    ] == [
        ("google", "s1", "Google", "https://accounts.google.com", []),
        (
            "microsoft",
            "s2",
            "Microsoft",
            f"https://login.microsoftonline.com/{tenant}/v2.0",
            ["lincoln.example.org"],
        ),
        ("clever", "s3", "Clever", "https://clever.com", ["lincoln.example.org"]),
        ("oidc", "s4", "Lincoln’s own login", "https://login.example.org", []),
    ]
    assert providers_of(read()) == []


def test_all_problems_are_told_at_once(refusals):
    told = refusals(**{**GOOD, "SECRET_KEY": "short", "DEMO": "true", "TIME_ZONE": "Mars/Olympus"})
    assert [line.split()[3] for line in told] == ["DEMO", "SECRET_KEY", "TIME_ZONE"]


@pytest.mark.parametrize(
    ("given", "trusted"),
    [({}, 0), ({"BEHIND_PROXY": "true"}, 1), ({"BEHIND_PROXY": "true", "TRUSTED_PROXIES": "2"}, 2)],
)
def test_behind_a_proxy_one_is_trusted_unless_said_otherwise(read, given, trusted):
    assert read(**given).trusted_proxies == trusted


def test_development_needs_no_setting(read, tmp_path):
    environment = read()
    assert environment.debug
    assert not environment.production
    assert environment.data_dir == tmp_path
    assert environment.database["NAME"] == str(tmp_path / "collab.sqlite3")
    assert environment.email["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


def test_every_setting_has_a_hint_and_is_in_the_readme(read, monkeypatch):
    asked = set()
    monkeypatch.setattr(
        "environs.Env._get_value",
        lambda _env, name, default: asked.add(name) or os.environ.get(name, default),
    )
    read()
    readme = (ROOT / "README.md").read_text()
    assert asked == set(HINTS)
    assert not [name for name in HINTS if f"`{name}`" not in readme]


def modes(folder, pattern="*"):
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.glob(pattern)}


PRIVATE = {"collab.sqlite3": "0o600", "collab.sqlite3-wal": "0o600", "collab.sqlite3-shm": "0o600"}


def test_others_cannot_read_the_data_folder_and_the_database(read, tmp_path):
    before = os.umask(0o022)
    try:
        path = read(DATA_DIR=str(tmp_path / "data")).database["NAME"]
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE student (name)")
            assert modes(tmp_path / "data") == PRIVATE
    finally:
        os.umask(before)
    assert modes(tmp_path) == {"data": "0o700"}


def test_a_data_folder_from_before_is_closed_to_others(read, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    for name in PRIVATE:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    read(DATA_DIR=str(folder))
    assert (modes(tmp_path), modes(folder)) == ({"data": "0o700"}, PRIVATE)


def test_a_volume_of_another_owner_and_a_shared_folder_keep_their_mode(read, tmp_path, monkeypatch):
    shared, volume = tmp_path / "shared", tmp_path / "volume"
    for folder, mode in ((shared, 0o1777), (volume, 0o775)):
        folder.mkdir()
        folder.chmod(mode)
    read(DATA_DIR=str(shared))
    monkeypatch.setattr(os, "geteuid", lambda: volume.stat().st_uid + 1)
    read(DATA_DIR=str(volume))
    assert modes(tmp_path) == {"shared": "0o1777", "volume": "0o775"}


def test_the_address_in_development_has_the_port_of_the_server(read, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert read().site_url == "http://127.0.0.1:8000"
    assert read(PORT="8311").site_url == "http://127.0.0.1:8311"
    assert read(PORT="8311", SITE_URL="http://school.test").site_url == "http://school.test"
