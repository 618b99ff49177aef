from django.urls import path

from collab.actions import views

urlpatterns = [
    path("actions/", views.action_list, name="action-list"),
    path("teams/<uuid:uuid>/actions/new/", views.action_create, name="action-create"),
    path("actions/<uuid:uuid>/", views.action_detail, name="action-detail"),
    path("actions/<uuid:uuid>/edit/", views.action_edit, name="action-edit"),
    path("actions/<uuid:uuid>/progress/", views.action_progress, name="action-progress"),
    path("actions/<uuid:uuid>/carry/", views.action_carry, name="action-carry"),
    path("actions/<uuid:uuid>/<slug:state>/", views.action_finish, name="action-finish"),
]
