"""Tasks of loading. They import the services, and with them pandas, only when they run."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.apply_import")
def apply_import(job_id: int) -> None:
    """Apply a checked file."""
    from datareview.loading.services.applying import apply_job

    run_job(job_id, apply_job)


@shared_task(name="datareview.undo_import")
def undo_import(job_id: int) -> None:
    """Undo an applied file."""
    from datareview.loading.services.undoing import undo_job

    run_job(job_id, undo_job)


@shared_task(name="datareview.undo_stranded_imports")
def undo_stranded_imports() -> None:
    """Undo files that were neither applied nor undone whole."""
    from datareview.loading.services.undoing import undo_stranded

    undo_stranded()
