from django.urls import path

from collab.minutes import views

urlpatterns = [
    path("minutes/", views.minutes_list, name="minutes-list"),
    path("meetings/<uuid:uuid>/minutes.pdf", views.minutes_download, name="minutes-download"),
    path("meetings/<uuid:uuid>/staff/", views.staff_minutes, name="minutes-staff"),
    path("meetings/<uuid:uuid>/minutes/approve/", views.minutes_approve, name="minutes-approve"),
    path("meetings/<uuid:uuid>/minutes/withdraw/", views.minutes_withdraw, name="minutes-withdraw"),
    path("meetings/<uuid:uuid>/minutes/correct/", views.minutes_correct, name="minutes-correct"),
    path("items/<uuid:uuid>/open/", views.item_open, name="item-open"),
    path("meetings/<uuid:uuid>/minutes/people/", views.minutes_people, name="minutes-people"),
]
