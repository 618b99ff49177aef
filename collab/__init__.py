"""What the team does together, and the composition root of the product."""

from collab.celery import app as celery_app

__all__ = ["celery_app"]
