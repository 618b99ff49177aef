"""Run a module of ``static/js`` without a browser, in the Node.js that Playwright brings."""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright._impl._driver import compute_driver_executable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STATIC = Path(__file__).parents[1] / "static" / "js"
# Makes objects of the module's class `name` and calls their methods, a line of JSON each.
SERVER = """
import {{ {name} as Made }} from "data:text/javascript;base64,{code}";
import {{ createInterface }} from "node:readline";
const made = [];
for await (const line of createInterface({{ input: process.stdin }})) {{
  const [which, method, ...values] = JSON.parse(line);
  const result = method === "new" ? made.push(new Made(...values)) - 1 : made[which][method](...values);
  console.log(JSON.stringify(result ?? null));
}}
"""


@contextmanager
def running(path: str, name: str) -> Iterator[Callable[..., Any]]:
    """``call(None, "new", …)`` makes an object of the class ``name``: its number, then ``call(number, "method", …)``."""
    code = base64.b64encode((STATIC / path).read_bytes()).decode()
    node, _cli = compute_driver_executable()
    program = SERVER.format(name=name, code=code)
    with subprocess.Popen(
        [node, "--input-type=module", "--eval", program], stdin=-1, stdout=-1, text=True
    ) as process:

        def call(which: int | None, method: str, *values: object) -> Any:
            print(json.dumps([which, method, *values]), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        yield call
        process.stdin.close()
