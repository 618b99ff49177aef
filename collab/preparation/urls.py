from django.urls import path

from collab.preparation.views import agendas, proposals

urlpatterns = [
    path("meetings/<uuid:uuid>/items/add/", agendas.item_add, name="item-add"),
    path("agenda-items/<uuid:uuid>/edit/", agendas.item_edit, name="item-edit"),
    path("agenda-items/<uuid:uuid>/move/<slug:way>/", agendas.item_move, name="item-move"),
    path("agenda-items/<uuid:uuid>/remove/", agendas.item_remove, name="item-remove"),
    path("agenda-items/<uuid:uuid>/answer/", agendas.item_answer, name="item-answer"),
    path("meetings/<uuid:uuid>/items/order/", agendas.items_order, name="items-order"),
    path("meetings/<uuid:uuid>/queue/fill/", agendas.agenda_fill, name="agenda-fill"),
    path("meetings/<uuid:uuid>/queue/take/", agendas.entry_take, name="entry-take"),
    path("meetings/<uuid:uuid>/queue/defer/", agendas.entry_defer, name="entry-defer"),
    path("meetings/<uuid:uuid>/queue/drop/", agendas.entry_drop, name="entry-drop"),
    path("meetings/<uuid:uuid>/queue/restore/", agendas.entry_restore, name="entry-restore"),
    path("candidates/<uuid:uuid>/propose/", proposals.candidate_propose, name="candidate-propose"),
    path("plans/<uuid:uuid>/propose/", proposals.plan_propose, name="plan-propose"),
    path("teams/<uuid:uuid>/propose/", proposals.exhibit_propose, name="exhibit-propose"),
    path("teams/<uuid:uuid>/propose/students/", proposals.students_propose, name="students-propose"),
    path("students/<uuid:uuid>/charts/propose/", proposals.chart_propose, name="chart-propose"),
]
