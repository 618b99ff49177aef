from django.urls import path

from datareview.explore import views

urlpatterns = [
    path("data/explore/", views.explore_show, name="explore-show"),
    path("data/explore/file/", views.explore_export, name="explore-export"),
    path("data/explore/students/group/", views.picked_group, name="picked-group"),
    path("data/explore/views/save/", views.view_save, name="view-save"),
    path("data/explore/views/<uuid:uuid>/remove/", views.view_remove, name="view-remove"),
]
