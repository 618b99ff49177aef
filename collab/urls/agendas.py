from django.urls import path

from collab.views import agendas, exhibits

urlpatterns = [
    path("meetings/<uuid:uuid>/items/add/", agendas.item_add, name="item-add"),
    path("agenda-items/<uuid:uuid>/edit/", agendas.item_edit, name="item-edit"),
    path("agenda-items/<uuid:uuid>/move/<slug:way>/", agendas.item_move, name="item-move"),
    path("agenda-items/<uuid:uuid>/remove/", agendas.item_remove, name="item-remove"),
    path("agenda-items/<uuid:uuid>/answer/", agendas.item_answer, name="item-answer"),
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
    path("meetings/<uuid:uuid>/items/order/", agendas.items_order, name="items-order"),
    path("meetings/<uuid:uuid>/queue/fill/", agendas.agenda_fill, name="agenda-fill"),
    path("meetings/<uuid:uuid>/queue/take/", agendas.entry_take, name="entry-take"),
    path("meetings/<uuid:uuid>/queue/defer/", agendas.entry_defer, name="entry-defer"),
    path("meetings/<uuid:uuid>/queue/drop/", agendas.entry_drop, name="entry-drop"),
    path("meetings/<uuid:uuid>/queue/restore/", agendas.entry_restore, name="entry-restore"),
    path("candidates/<uuid:uuid>/propose/", agendas.candidate_propose, name="candidate-propose"),
    path("plans/<uuid:uuid>/propose/", agendas.plan_propose, name="plan-propose"),
    path("teams/<uuid:uuid>/propose/", exhibits.exhibit_propose, name="exhibit-propose"),
    path("students/<uuid:uuid>/charts/propose/", exhibits.chart_propose, name="chart-propose"),
]
