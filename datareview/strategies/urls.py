from django.urls import path

from datareview.strategies import views

urlpatterns = [
    path("strategies/", views.strategy_list, name="strategy-list"),
    path("strategies/change/", views.strategies_change, name="strategies-change"),
    path("strategies/add/", views.strategy_add, name="strategy-add"),
    path("strategies/adopt/", views.strategies_adopt, name="strategies-adopt"),
    path("strategies/<uuid:uuid>/", views.strategy_detail, name="strategy-detail"),
    path("strategies/<uuid:uuid>/edit/", views.strategy_edit, name="strategy-edit"),
    path("strategies/<uuid:uuid>/copy/", views.strategy_copy, name="strategy-copy"),
    path("strategies/<uuid:uuid>/retire/", views.strategy_retire, name="strategy-retire"),
]
