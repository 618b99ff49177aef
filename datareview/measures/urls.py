from django.urls import path

from datareview.measures import views

urlpatterns = [
    path("measures/windows/", views.window_list, name="window-list"),
    path("measures/windows/<uuid:uuid>/", views.window_edit, name="window-edit"),
]
