from django.urls import path

from collab.agendas.views import exhibits

urlpatterns = [
    path(
        "agenda-items/<uuid:uuid>/exhibits/<uuid:exhibit>/predict/",
        exhibits.exhibit_predict,
        name="exhibit-predict",
    ),
    path("agenda-items/<uuid:uuid>/exhibits/add/", exhibits.exhibit_add, name="exhibit-add"),
    path("agenda-items/<uuid:uuid>/exhibits/<uuid:exhibit>/", exhibits.exhibit_show, name="exhibit-show"),
    path(
        "agenda-items/<uuid:uuid>/exhibits/<uuid:exhibit>/remove/",
        exhibits.exhibit_remove,
        name="exhibit-remove",
    ),
]
