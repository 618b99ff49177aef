"""Root URL configuration."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from collab.config.url_index import IndexedPatterns

urlpatterns: list[URLPattern | URLResolver] = [
    IndexedPatterns(
        path("accounts/", include("teams.account.sign_in_urls")),
        path("", include("teams.urls")),
        path("", include("datareview.urls")),
        path("", include("collab.urls")),
    )
]

handler500 = "teams.operation.views.server_error"

if settings.DEBUG_TOOLBAR:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))
