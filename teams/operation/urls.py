from django.urls import path

from teams.operation import views

urlpatterns = [
    path("server/", views.server_show, name="server-show"),
]
