from django.urls import path

from collab.views import value

urlpatterns = [
    path("teams/<uuid:uuid>/value/", value.value_show, name="value-show"),
    path("teams/<uuid:uuid>/value/share/", value.value_share, name="value-share"),
]
