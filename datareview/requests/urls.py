from django.urls import path

from datareview.requests import views

urlpatterns = [
    path("requests/", views.assistance_list, name="assistance-list"),
    path("students/<uuid:uuid>/ask/", views.assistance_ask, name="assistance-ask"),
    path("requests/<uuid:uuid>/withdraw/", views.assistance_withdraw, name="assistance-withdraw"),
]
