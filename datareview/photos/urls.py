from django.urls import path

from datareview.photos import views

urlpatterns = [
    path("photos/", views.photo_list, name="photo-list"),
    path("photos/switch/", views.photo_switch, name="photo-switch"),
    path("students/<uuid:uuid>/photo/", views.photo_edit, name="photo-edit"),
    path("students/<uuid:uuid>/photo/remove/", views.photo_remove, name="photo-remove"),
    path("students/<uuid:uuid>/photo/<str:day>.jpg", views.photo_show, name="photo-show"),
]
