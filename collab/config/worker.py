"""Settings of the worker, its broker and its schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from collab.config.environment import Environment

SCHEDULE = {
    # Messages not processed in time expire: the next one does the same work.
    "sent forms": {"task": "teams.forget_sent_forms", "schedule": 3600.0, "options": {"expires": 3500}},
    "documents": {"task": "teams.delete_old_documents", "schedule": 3600.0, "options": {"expires": 3500}},
    "ended accounts": {
        "task": "teams.close_ended_accounts",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "planned roles": {"task": "teams.do_planned_roles", "schedule": 900.0, "options": {"expires": 850}},
    "sweep jobs": {"task": "teams.sweep_jobs", "schedule": 30.0, "options": {"expires": 25}},
    "warnings": {"task": "teams.warn_of_failures", "schedule": 300.0, "options": {"expires": 290}},
    "mail": {"task": "teams.send_mail", "schedule": 60.0, "options": {"expires": 55}},
    "stranded imports": {
        "task": "datareview.undo_stranded_imports",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "inboxes": {"task": "datareview.watch_inboxes", "schedule": 60.0, "options": {"expires": 55}},
    "worked": {"task": "datareview.keep_worked", "schedule": 24 * 3600.0, "options": {"expires": 23 * 3600}},
    "nightly": {"task": "datareview.run_nightly", "schedule": 3600.0, "options": {"expires": 3500}},
    "letters": {"task": "collab.send_letters", "schedule": 900.0, "options": {"expires": 850}},
    "idle meetings": {"task": "collab.end_idle_meetings", "schedule": 600.0, "options": {"expires": 550}},
    "agendas": {"task": "collab.gather_agendas", "schedule": 3600.0, "options": {"expires": 3500}},
}


def worker_settings(env: Environment, queue: Path) -> dict[str, Any]:
    """Django's settings for Celery. Without Redis, messages are files in the folder ``queue``."""
    return {
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_TIMEZONE": env.time_zone,
        "CELERY_TASK_PUBLISH_RETRY": False,  # saving never waits for a broker; the sweeper retries
        "CELERY_BROKER_URL": broker_of(env.redis_url) if env.redis_url else "filesystem://localhost//",
        "CELERY_BROKER_TRANSPORT_OPTIONS": _redis_options() if env.redis_url else _file_options(queue),
        "CELERY_BEAT_SCHEDULE_FILENAME": str(env.data_dir / "beat"),
        "CELERY_BEAT_SCHEDULE": SCHEDULE,
    }


def broker_of(redis_url: str) -> str:
    """Celery's broker URL for the same Redis. It differs for sockets only."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def _redis_options() -> dict[str, Any]:
    return {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        # One immediate retry: by default, saving waits six seconds for an unavailable broker.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }


def _file_options(queue: Path) -> dict[str, Any]:
    for folder in ("messages", "control"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "control_folder": str(queue / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
