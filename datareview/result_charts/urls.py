from django.urls import path

from datareview.result_charts import views

urlpatterns = [
    path("assessments/<uuid:uuid>/explore/", views.result_charts, name="result-charts"),
]
