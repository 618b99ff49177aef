"""Cut the icons in use out of @tabler/icons into one sprite.

Run after adding a name to ``icons.txt``:

    npm pack @tabler/icons@3.51.0 && tar xzf tabler-icons-3.51.0.tgz
    python static/vendor/icons/build.py package
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


def symbol(package: Path, name: str) -> str:
    """One outline icon as a symbol, its frame (a path without stroke) left out."""
    text = (package / "icons" / "outline" / f"{name}.svg").read_text()
    inner = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    body = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
    return SYMBOL.format(name=name, body=body)


def main(package: str) -> None:
    """Write ``icons.svg`` with every name of ``icons.txt``."""
    names = sorted(set((HERE / "icons.txt").read_text().split()))
    symbols = "\n".join(symbol(Path(package), name) for name in names)
    (HERE / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


if __name__ == "__main__":
    main(sys.argv[1])
