"""Settings of a server of plain pages (`benchmarks.plain`) on Collab's database."""

from benchmarks import plain
from collab.config.settings import *  # noqa: F403 (settings)

ROOT_URLCONF = "benchmarks.plain"
# The first tells the benchmark that the server answers; allauth refuses to start without its own.
MIDDLEWARE = [
    "teams.operation.middleware.HealthMiddleware",
    *plain.MIDDLEWARE,
    "allauth.account.middleware.AccountMiddleware",
]
