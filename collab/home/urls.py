from django.urls import path

from collab.home import views

urlpatterns = [
    path("", views.home_show, name="home-show"),
]
