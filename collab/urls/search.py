from django.urls import path

from collab.views import search

urlpatterns = [
    path("search/", search.search_show, name="search-show"),
]
