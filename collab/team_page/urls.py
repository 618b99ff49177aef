from django.urls import path

from collab.team_page.views import norms, team_edit, team_list, team_page

urlpatterns = [
    path("teams/", team_list.teams_show, name="team-list"),
    path("teams/change/", team_list.teams_change, name="teams-change"),
    path("teams/add/", team_list.team_add, name="team-add"),
    path("teams/paste/", team_list.teams_paste, name="teams-paste"),
    path("teams/copy/", team_list.teams_copy, name="teams-copy"),
    path("teams/rules/", team_list.team_rules, name="team-rules"),
    path("teams/<uuid:uuid>/", team_page.team_detail, name="team-detail"),
    path("teams/<uuid:uuid>/edit/", team_edit.team_edit, name="team-edit"),
    path("teams/<uuid:uuid>/archive/", team_edit.team_archive, name="team-archive"),
    path("teams/<uuid:uuid>/restore/", team_edit.team_restore, name="team-restore"),
    path("teams/<uuid:uuid>/members/add/", team_edit.member_add, name="member-add"),
    path("teams/<uuid:uuid>/members/<uuid:member>/", team_edit.member_change, name="member-change"),
    path("teams/<uuid:uuid>/members/<uuid:member>/remove/", team_edit.member_remove, name="member-remove"),
    path("teams/<uuid:uuid>/norms/", norms.norms_set, name="norms-set"),
]
