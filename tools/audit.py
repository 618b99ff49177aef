"""Ask whether vulnerabilities are known in the packages of the locks: ``python -m tools.audit``.

The status is 1 where one is known. Where the advisories cannot be read it is 0, with a line that says so: without a
network the other checks still count.
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
    """Audit both locks, print what was found and return the status."""
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
    """Read PyPI's advisories with pip-audit; None where they cannot be had within a minute.

    Exits with pip-audit's own words where it cannot run, or cannot read a lock.
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
