from django.urls import path

from teams.invitations import views

urlpatterns = [
    path("join/<str:token>/", views.invitation_answer, name="invitation-answer"),
]
