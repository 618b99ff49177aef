"""Create the skeleton of an area: ``python -m tools.new_area collab goals goal``.

The skeleton is a page of items that teams add, copied from ``tools/skeleton`` with new names, to be changed.
``docs/architecture.md`` (Add an area) explains where to register its models, URLs and layer.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKELETON = ROOT / "tools" / "skeleton"
APPS = ("teams", "datareview", "collab")
DONE = "Written: {app}/{area}, with templates and tests. What is left: docs/architecture.md, “Add an area”."


def main(arguments: list[str]) -> str:
    """Create the area named by the arguments and return a message; exit with a message if they are wrong."""
    if len(arguments) not in (2, 3):
        sys.exit(f"Name the app, the area and one of its things: ./dev new-area {'|'.join(APPS)} goals goal")
    app, area = arguments[:2]
    noun = arguments[2] if len(arguments) == 3 else area.removesuffix("s")
    if app not in APPS:
        sys.exit(f"{app} is none of the apps {', '.join(APPS)}.")
    if not all(name.isidentifier() and name.islower() for name in (area, noun)):
        sys.exit("An area and its things are lower-case words, with underscores between.")
    if (ROOT / app / area).exists():
        sys.exit(f"{app}/{area} is there already.")
    write_area(ROOT, app, area, noun)
    return DONE.format(app=app, area=area)


def write_area(root: Path, app: str, area: str, noun: str) -> list[Path]:
    """Write the code, templates and tests of ``app``'s ``area`` under ``root``; return their paths."""
    places = {
        "area": root / app / area,
        "templates": root / "templates" / app / area,
        "tests": root / "tests" / app / area,
    }
    written = []
    for source in sorted(path for path in SKELETON.rglob("*") if path.suffix in {".py", ".html"}):
        part, name = source.relative_to(SKELETON).parts
        target = places[part] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(renamed(source.read_text(encoding="utf-8"), app, area, noun), encoding="utf-8")
        written.append(target)
    return written


def renamed(text: str, app: str, area: str, noun: str) -> str:
    """Replace the skeleton's names in ``text`` by those of an area."""
    names = {
        "areaapp": app,
        "things": area,
        "Things": area.replace("_", " ").capitalize(),
        "Thing": noun.replace("_", " ").title().replace(" ", ""),
        "thing": noun,
    }
    return re.sub("|".join(names), lambda found: names[found[0]], text)


if __name__ == "__main__":
    print(main(sys.argv[1:]))
