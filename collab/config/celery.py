"""The worker's application: settings from Django, tasks from each package."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")

TRANSPORT_ALIASES["filesystem"] = "collab.config.transport:Transport"

app = Celery("collab")
app.config_from_object("django.conf:settings", namespace="CELERY")
