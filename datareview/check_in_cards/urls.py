from django.urls import path

from datareview.check_in_cards import views

urlpatterns = [
    path("plans/<uuid:uuid>/card/", views.check_in_card_show, name="check-in-card-show"),
    path("plans/<uuid:uuid>/card/edit/", views.check_in_card_edit, name="check-in-card-edit"),
    path("plans/<uuid:uuid>/card/points/", views.check_in_points, name="check-in-points"),
    path("plans/<uuid:uuid>/card/check/", views.check_in_check, name="check-in-check"),
]
