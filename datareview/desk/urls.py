from django.urls import path

from datareview.desk import views

urlpatterns = [
    path("desk/", views.desk_show, name="desk-show"),
    path("desk/<uuid:uuid>/decide/", views.desk_decide, name="desk-decide"),
    path("desk/<uuid:uuid>/undo/", views.desk_undo, name="desk-undo"),
]
