from django.urls import path

from collab.views import minutes

urlpatterns = [
    path("minutes/", minutes.minutes_list, name="minutes-list"),
    path("meetings/<uuid:uuid>/minutes.pdf", minutes.minutes_download, name="minutes-download"),
    path("meetings/<uuid:uuid>/staff/", minutes.staff_minutes, name="minutes-staff"),
    path("meetings/<uuid:uuid>/minutes/approve/", minutes.minutes_approve, name="minutes-approve"),
    path("meetings/<uuid:uuid>/minutes/withdraw/", minutes.minutes_withdraw, name="minutes-withdraw"),
    path("meetings/<uuid:uuid>/minutes/correct/", minutes.minutes_correct, name="minutes-correct"),
    path("meetings/<uuid:uuid>/minutes/people/", minutes.minutes_people, name="minutes-people"),
]
