"""The Celery application: settings from Django, tasks from each app."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")

TRANSPORT_ALIASES["filesystem"] = "collab.config.transport:Transport"

app = Celery("collab")
app.config_from_object("django.conf:settings", namespace="CELERY")
