from django.urls import path

from teams.invitations import views

urlpatterns = [
    path("people/links/", views.link_list, name="invitation-links"),
    path("join/<str:token>/", views.invitation_answer, name="invitation-answer"),
]
