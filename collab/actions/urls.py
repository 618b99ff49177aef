from django.urls import path

from collab.actions import views

urlpatterns = [
    path("actions/<uuid:uuid>/", views.action_detail, name="action-detail"),
    path("actions/<uuid:uuid>/<slug:state>/", views.action_finish, name="action-finish"),
]
