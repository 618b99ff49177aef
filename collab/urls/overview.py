from django.urls import path

from collab.views import overview

urlpatterns = [
    path("school/", overview.overview_show, name="overview-show"),
]
