from django.urls import path

from collab.student_work.views import work

urlpatterns = [
    path("agenda-items/<uuid:uuid>/work/", work.work_list, name="work-list"),
    path("agenda-items/<uuid:uuid>/work/rubric/", work.rubric_set, name="rubric-set"),
    path("agenda-items/<uuid:uuid>/work/reveal/", work.scores_reveal, name="scores-reveal"),
    path("student-work/<uuid:uuid>/", work.work_detail, name="work-detail"),
    path("student-work/<uuid:uuid>/cover/", work.work_cover, name="work-cover"),
    path("student-work/<uuid:uuid>/score/", work.work_score, name="work-score"),
    path("student-work/<uuid:uuid>/delete/", work.work_delete, name="work-delete"),
    path("student-work/<uuid:uuid>/pages/<int:number>/", work.work_page, name="work-page"),
]
