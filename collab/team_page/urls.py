from django.urls import path

from collab.team_page import views

urlpatterns = [
    path("teams/<uuid:uuid>/norms/", views.norms_set, name="norms-set"),
    path("teams/<uuid:uuid>/", views.team_detail, name="team-detail"),
]
