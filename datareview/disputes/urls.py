from django.urls import path

from datareview.disputes import views

urlpatterns = [
    path("disputes/", views.dispute_list_page, name="dispute-list"),
    path("students/<uuid:uuid>/dispute/", views.dispute_open, name="dispute-open"),
    path("disputes/<uuid:uuid>/", views.dispute_answer, name="dispute-answer"),
    path("disputes/<uuid:uuid>/withdraw/", views.dispute_withdraw, name="dispute-withdraw"),
]
