from django.urls import path

from datareview.scorecards import views

urlpatterns = [
    path("rules/scorecard/", views.scorecard_new, name="scorecard-new"),
    path("rules/<uuid:uuid>/scorecard/", views.scorecard_show, name="scorecard-show"),
]
