from django.urls import path

from collab.views import minutes

urlpatterns = [
    path("meetings/<uuid:uuid>/minutes.pdf", minutes.minutes_download, name="minutes-download"),
    path("meetings/<uuid:uuid>/staff/", minutes.staff_minutes, name="minutes-staff"),
    path("meetings/<uuid:uuid>/minutes/<slug:way>/", minutes.minutes_approve, name="minutes-approve"),
]
