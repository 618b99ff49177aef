from django.urls import path

from teams.views import calendar

urlpatterns = [
    path("calendar/", calendar.calendar_show, name="calendar-show"),
    path("calendar/years/add/", calendar.year_add, name="year-add"),
    path("calendar/years/<uuid:uuid>/", calendar.year_change, name="year-change"),
    path("calendar/years/<uuid:uuid>/terms/add/", calendar.term_add, name="term-add"),
    path("calendar/terms/<uuid:uuid>/remove/", calendar.term_remove, name="term-remove"),
    path("calendar/holidays/add/", calendar.holiday_add, name="holiday-add"),
    path("calendar/holidays/<int:pk>/remove/", calendar.holiday_remove, name="holiday-remove"),
    path("calendar/cycle/", calendar.cycle_set, name="cycle-set"),
    path("calendar/bells/", calendar.bells_show, name="bells-show"),
    path("calendar/bells/add/", calendar.period_add, name="period-add"),
    path("calendar/bells/<int:pk>/", calendar.period_change, name="period-change"),
    path("calendar/bells/copy/", calendar.day_copy, name="day-copy"),
]
