from django.urls import path

from collab.insights.views import meeting_effectiveness, school_overview

urlpatterns = [
    path("school/", school_overview.overview_show, name="overview-show"),
    path("teams/<uuid:uuid>/value/", meeting_effectiveness.effectiveness_show, name="value-show"),
    path("teams/<uuid:uuid>/value/share/", meeting_effectiveness.effectiveness_share, name="value-share"),
]
