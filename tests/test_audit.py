"""What `./dev check` reports about known vulnerabilities, from a pip-audit report."""

import pytest

from tools import audit

FOUND = {
    "dependencies": [
        {
            "name": "pillow",
            "version": "10.2.0",
            "vulns": [
                {"id": "PYSEC-2026-2", "fix_versions": []},
                {"id": "PYSEC-2026-1", "fix_versions": ["10.3", "11"]},
            ],
        },
        {"name": "celery", "version": "5.6.0", "vulns": []},
    ],
    "fixes": [],
}
UNKNOWN = {"dependencies": [{"name": "celery", "skip_reason": "not found on PyPI"}], "fixes": []}
CLEAN = {"dependencies": [{"name": "celery", "version": "5.6.0", "vulns": []}], "fixes": []}


def test_each_known_vulnerability_is_a_sentence():
    assert audit.vulnerabilities(FOUND) == [
        "pillow 10.2.0 has a known vulnerability, PYSEC-2026-1; fixed in: 10.3, 11.",
        "pillow 10.2.0 has a known vulnerability, PYSEC-2026-2; fixed in: no version yet.",
    ]


@pytest.mark.parametrize(
    ("report", "status", "lines"), [(FOUND, 1, 2), (UNKNOWN, 0, 1), (None, 0, 1), (CLEAN, 0, 0)]
)
def test_only_a_known_vulnerability_fails(monkeypatch, capsys, report, status, lines):
    monkeypatch.setattr(audit, "read_advisories", lambda: report)
    assert audit.main() == status
    assert len(capsys.readouterr().out.splitlines()) == lines


@pytest.mark.parametrize(
    "command", ["import sys; sys.exit('requests.exceptions.ConnectionError: no route')", "print('{}')"]
)
def test_no_network_is_no_failure(monkeypatch, command):
    monkeypatch.setattr(audit, "COMMAND", [audit.sys.executable, "-c", command])
    assert not audit.read_advisories()


def test_a_lock_that_cannot_be_read_is_a_failure(monkeypatch):
    monkeypatch.setattr(audit, "COMMAND", [audit.sys.executable, "-c", "import sys; sys.exit('no hash')"])
    with pytest.raises(SystemExit, match="no hash"):
        audit.read_advisories()
