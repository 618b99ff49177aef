"""``./dev bench``: speed compared with common alternatives, as ratios within one run, on both databases."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.databases import DATABASES, environment_of

RESULTS = Path(__file__).parent / "results" / "speed.json"
LIMIT_SECONDS = 3600


def main(argv: list[str] | None = None) -> int:
    """Measure, print a table for each database, write JSON."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute for each database")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    if arguments.one:
        print(json.dumps(measure(arguments.one, quick=arguments.quick)))
        return 0
    found = {database: _in_its_own_process(database, quick=arguments.quick) for database in DATABASES}
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    on = datetime.now(tz=UTC).date().isoformat()
    arguments.json.parent.mkdir(exist_ok=True)
    data = {"on": on, "machine": machine, "databases": found}
    arguments.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"Measured on {on}: {machine}.")
    for database, report in found.items():
        print("\n".join(["", f"{database}:", "", *report["table"]]))
    return 0


def _in_its_own_process(database: str, *, quick: bool) -> dict[str, Any]:
    """Measure in a process of its own, since settings are read once; no installation is read or changed."""
    with environment_of(database) as here:
        command = [sys.executable, "-m", "benchmarks", "--one", database, *(["--quick"] if quick else [])]
        done = subprocess.run(  # noqa: S603 (this program again)
            command, env=here, check=True, stdout=subprocess.PIPE, text=True, timeout=LIMIT_SECONDS
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(database: str, *, quick: bool) -> dict[str, Any]:
    """The report on the database in the environment. The kernel and the search for times use none: on the first only."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks import kernel, schedules, school
    from benchmarks.timing import Report

    report = Report()
    if database == DATABASES[0]:
        kernel.measure(report, [600, 5_000] if quick else [600, 50_000, 1_000_000])
        schedules.measure(report, 20 if quick else 40)
    school.measure(report, 120 if quick else 600)
    return {
        "lines": [asdict(line) for line in report.lines],
        "figures": report.figures,
        "table": report.table(),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    raise SystemExit(main())
