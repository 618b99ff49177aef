"""The tasks of documents."""

from celery import shared_task

from teams.documents import services
from teams.jobs.services.jobs import run_job


@shared_task(name="teams.make_document")
def make_document(job_id: int) -> None:
    """Make a PDF file."""
    run_job(job_id, services.make_document)


@shared_task(name="teams.delete_old_documents")
def delete_old_documents() -> None:
    """Delete the documents requested more than a day ago."""
    services.delete_old_documents()
