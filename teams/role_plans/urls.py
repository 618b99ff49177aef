from django.urls import path

from teams.role_plans import views

urlpatterns = [
    path("people/<uuid:uuid>/role/later/", views.role_plan, name="role-plan"),
    path("people/<uuid:uuid>/role/later/cancel/", views.role_plan_cancel, name="role-plan-cancel"),
]
