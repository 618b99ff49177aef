from django.urls import path

from collab.views import finder

urlpatterns = [path("meetings/find-time/", finder.finder_show, name="finder-show")]
