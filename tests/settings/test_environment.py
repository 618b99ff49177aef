"""Settings: a clear sentence for each bad value, and what production refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "2vYw8-Qm4Zr_0nXcT7bLk9Jd5HsGf3PaUeRi6OyWq1VtBxEz" + "NhMj",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "collab.example.org",
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


def test_production_starts_with_good_settings(tmp_path):
    assert start(tmp_path, **GOOD).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DEBUG", "true"),
        ("DEMO", "true"),
        ("CLOCK_OFFSET", "-3d"),
        ("CLOCK_OFFSET", "yesterday"),
        ("ALLOWED_HOSTS", "*"),
        ("ENVIRONMENT", "staging"),
        ("DATABASE_URL", "mysql?//nowhere"),
        ("REDIS_URL", "http://redis"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("UPLOAD_MAX_MB", "many"),
        ("UPLOAD_MAX_ROWS", "3"),
        ("LANGUAGE_CODE", "xx"),
    ],
)
def test_a_bad_value_is_named_in_a_sentence_without_a_traceback(tmp_path, name, value):
    done = start(tmp_path, **{**GOOD, name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_all_problems_are_told_at_once(tmp_path):
    done = start(tmp_path, **{**GOOD, "SECRET_KEY": "short", "DEMO": "true", "TIME_ZONE": "Mars/Olympus"})
    assert all(name in done.stderr for name in ("SECRET_KEY", "DEMO", "TIME_ZONE"))
