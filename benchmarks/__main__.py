"""``./dev bench``: speed compared with common alternatives, as ratios within one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "speed.json"


def main(argv: list[str] | None = None) -> int:
    """Measure, print a table, write JSON."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        # A temporary database; no installation is read or changed.
        os.environ["DATA_DIR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        lines, data = measure(quick=arguments.quick)
    arguments.json.parent.mkdir(exist_ok=True)
    arguments.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 0


def measure(*, quick: bool) -> tuple[list[str], dict[str, object]]:
    """The report as Markdown and as data."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks import kernel, schedules, school
    from benchmarks.timing import Report

    report = Report()
    kernel.measure(report, [600, 5_000] if quick else [600, 50_000, 1_000_000])
    school.measure(report, 120 if quick else 600)
    schedules.measure(report, 20 if quick else 40)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, SQLite"
    on = datetime.now(tz=UTC).date().isoformat()
    data = {
        "on": on,
        "machine": machine,
        "lines": [asdict(line) for line in report.lines],
        "figures": report.figures,
    }
    return [f"Measured on {on}: {machine}.", "", *report.table()], data


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
    raise SystemExit(main())
