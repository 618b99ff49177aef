from django.urls import path

from collab.views import teams

urlpatterns = [
    path("teams/<uuid:uuid>/norms/", teams.norms_set, name="norms-set"),
    path("teams/<uuid:uuid>/", teams.team_detail, name="team-detail"),
]
