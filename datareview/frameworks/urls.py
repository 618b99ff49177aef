from django.urls import path

from datareview.frameworks import views

urlpatterns = [
    path("standards/files/", views.framework_list, name="framework-list"),
    path("standards/files/<uuid:uuid>/", views.framework_detail, name="framework-detail"),
    path("standards/files/<uuid:uuid>/apply/", views.framework_apply, name="framework-apply"),
    path("standards/files/<uuid:uuid>/undo/", views.framework_undo, name="framework-undo"),
    path("standards/files/<uuid:uuid>/discard/", views.framework_discard, name="framework-discard"),
]
