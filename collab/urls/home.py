from django.urls import path

from collab.views import home

urlpatterns = [
    path("", home.home_show, name="home-show"),
]
