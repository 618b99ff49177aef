from django.urls import path

from collab.views import agendas

urlpatterns = [
    path("meetings/<uuid:uuid>/items/add/", agendas.item_add, name="item-add"),
    path("agenda-items/<uuid:uuid>/edit/", agendas.item_edit, name="item-edit"),
    path("agenda-items/<uuid:uuid>/move/<slug:way>/", agendas.item_move, name="item-move"),
    path("agenda-items/<uuid:uuid>/remove/", agendas.item_remove, name="item-remove"),
    path("candidates/<uuid:uuid>/propose/", agendas.candidate_propose, name="candidate-propose"),
    path("plans/<uuid:uuid>/propose/", agendas.plan_propose, name="plan-propose"),
    path("teams/<uuid:uuid>/propose/", agendas.exhibit_propose, name="exhibit-propose"),
]
