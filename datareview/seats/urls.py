from django.urls import path

from datareview.seats import views

urlpatterns = [path("plans/seats/", views.seat_grid_show, name="seat-grid")]
