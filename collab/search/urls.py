from django.urls import path

from collab.search import views

urlpatterns = [
    path("search/", views.search_show, name="search-show"),
]
