"""A web server whose Data page waits until the file ``GATE`` exists, and lists in ``REACHED`` who waits."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from collab.config.asgi import application
from datareview.dashboards import views

__all__ = ["application"]

_show = views.render_page


def _wait(request: Any, *arguments: Any, **options: Any) -> Any:
    with Path(os.environ["REACHED"]).open("a") as file:
        file.write(f"{request.user.pk}\n")
    while not Path(os.environ["GATE"]).exists():
        time.sleep(0.02)
    return _show(request, *arguments, **options)


views.render_page = _wait
