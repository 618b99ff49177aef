from django.urls import path

from collab.preparation import views

urlpatterns = [
    path("meetings/<uuid:uuid>/items/add/", views.item_add, name="item-add"),
    path("agenda-items/<uuid:uuid>/edit/", views.item_edit, name="item-edit"),
    path("agenda-items/<uuid:uuid>/move/<slug:way>/", views.item_move, name="item-move"),
    path("agenda-items/<uuid:uuid>/remove/", views.item_remove, name="item-remove"),
    path("agenda-items/<uuid:uuid>/answer/", views.item_answer, name="item-answer"),
    path("meetings/<uuid:uuid>/items/order/", views.items_order, name="items-order"),
    path("meetings/<uuid:uuid>/queue/fill/", views.agenda_fill, name="agenda-fill"),
    path("meetings/<uuid:uuid>/queue/take/", views.entry_take, name="entry-take"),
    path("meetings/<uuid:uuid>/queue/defer/", views.entry_defer, name="entry-defer"),
    path("meetings/<uuid:uuid>/queue/drop/", views.entry_drop, name="entry-drop"),
    path("meetings/<uuid:uuid>/queue/restore/", views.entry_restore, name="entry-restore"),
]
