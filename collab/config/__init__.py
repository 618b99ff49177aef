"""Puts the product together: settings, environment, addresses, servers and the worker.

Nobody imports it; Django, the worker and the servers find it by name.
"""

from collab.config.celery import app as celery_app

__all__ = ["celery_app"]
