"""Where an ASGI server enters: pages, and the live stream of meetings."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.settings")

application = get_asgi_application()
