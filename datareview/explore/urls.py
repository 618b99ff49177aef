from django.urls import path

from datareview.explore import views

urlpatterns = [
    path("data/explore/", views.explore_show, name="explore-show"),
]
