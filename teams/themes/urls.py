from django.urls import path

from teams.themes import views

urlpatterns = [path("users/me/theme/", views.theme_switch, name="theme-switch")]
