from django.urls import path

from teams.calendar import views

urlpatterns = [
    path("calendar/", views.calendar_show, name="calendar-show"),
    path("calendar/years/add/", views.year_add, name="year-add"),
    path("calendar/years/suggest/", views.year_suggest, name="year-suggest"),
    path("calendar/years/<uuid:uuid>/", views.year_change, name="year-change"),
    path("calendar/years/<uuid:uuid>/terms/add/", views.term_add, name="term-add"),
    path("calendar/terms/<uuid:uuid>/", views.term_change, name="term-change"),
    path("calendar/terms/<uuid:uuid>/remove/", views.term_remove, name="term-remove"),
    path("calendar/holidays/add/", views.holiday_add, name="holiday-add"),
    path("calendar/holidays/<int:pk>/remove/", views.holiday_remove, name="holiday-remove"),
    path("calendar/cycle/", views.cycle_set, name="cycle-set"),
    path("calendar/bells/", views.bells_show, name="bells-show"),
    path("calendar/bells/add/", views.period_add, name="period-add"),
    path("calendar/bells/<int:pk>/", views.period_change, name="period-change"),
    path("calendar/bells/copy/", views.day_copy, name="day-copy"),
]
