"""The WSGI application: pages only, without the live stream."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")

application = get_wsgi_application()
