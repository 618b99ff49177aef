from django.urls import path

from teams.views import users

urlpatterns = [
    path("users/me/language/", users.language_switch, name="language-switch"),
]
