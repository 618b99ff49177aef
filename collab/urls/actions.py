from django.urls import path

from collab.views import actions

urlpatterns = [
    path("actions/<uuid:uuid>/", actions.action_detail, name="action-detail"),
    path("actions/<uuid:uuid>/<slug:state>/", actions.action_finish, name="action-finish"),
]
