"""Check the locked packages for known vulnerabilities: ``python -m tools.audit``.

The exit status is 1 if there is one. If the advisories cannot be read it is 0, with a message, so that the other
checks work without a network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

LOCKS = ("requirements.lock", "requirements-run.lock")
COMMAND = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
OPTIONS = ["--progress-spinner", "off", "--timeout", "5"]
SECONDS = 60
UNREACHABLE = ("requests.exceptions.", "ServiceError", "PyPI's vulnerability feed", "PyPI is not redirecting")


def main() -> int:
    """Audit both locks, print the result and return the exit status."""
    report = read_advisories()
    if report is None:
        print("Not audited: the advisories of PyPI could not be read.")
        return 0
    for sentence in (known := vulnerabilities(report)):
        print(sentence)
    if missing := unaudited(report):
        print(
            f"Not audited: PyPI has no advisories for {len(missing)} of the packages, {missing[0]} among them."
        )
    return 1 if known else 0


def read_advisories() -> dict[str, Any] | None:
    """Read PyPI's advisories with pip-audit; None if that takes longer than a minute or there is no network.

    Exits with pip-audit's message if it cannot run or cannot read a lock.
    """
    files = [option for lock in LOCKS for option in ("--requirement", lock)]
    try:
        done = subprocess.run(  # noqa: S603 (our own command)
            [*COMMAND, *OPTIONS, *files], check=False, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    if done.stdout:
        return json.loads(done.stdout)
    if any(words in done.stderr for words in UNREACHABLE):
        return None
    sys.exit(done.stderr)


def vulnerabilities(report: dict[str, Any]) -> list[str]:
    """Return a sentence for each known vulnerability of a pip-audit report."""
    return sorted(
        f"{package['name']} {package['version']} has a known vulnerability, {found['id']}; fixed in: "
        f"{', '.join(found['fix_versions']) or 'no version yet'}."
        for package in report["dependencies"]
        for found in package.get("vulns", [])
    )


def unaudited(report: dict[str, Any]) -> list[str]:
    """Return the names of the packages that pip-audit skipped."""
    return sorted({package["name"] for package in report["dependencies"] if "skip_reason" in package})


if __name__ == "__main__":
    sys.exit(main())
