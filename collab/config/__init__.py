"""The composition root: settings, environment, URLs, servers and the worker.

Nothing imports it. Django, the worker and the servers find it by name.
"""

from collab.config.celery import app as celery_app

__all__ = ["celery_app"]
