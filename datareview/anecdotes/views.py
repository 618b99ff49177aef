"""Write what one saw of a student, change and remove it; the school's list of skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.anecdotes.forms import AnecdoteForm, SkillForm, SkillsForm
from datareview.anecdotes.permissions import anecdotes_visible_to, own_anecdotes, students_to_write_about
from datareview.anecdotes.queries import all_skills, skills_with_uses
from datareview.anecdotes.services.anecdotes import (
    edit_anecdote,
    read_anecdote,
    remove_anecdote,
    restore_anecdote,
    write_anecdote,
)
from datareview.anecdotes.services.skills import add_skills, rename_skill, retire_skill
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.anecdotes.models import Skill
    from teams.lib.requests import SchoolRequest


def anecdote_write(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write down what the user saw of a student."""
    student = get_object_or_404(students_to_write_about(request.user), uuid=uuid)
    form = AnecdoteForm(request.POST or None, student=student, user=request.user)
    return save_form(
        request,
        form,
        lambda: write_anecdote(student, actor=request.user, values=form.values()),
        page=lambda: render_form(request, "datareview/anecdotes/write.html", form, {"student": student}),
        then=_class_page(request) or student,
        done=_("It is on the page."),
        field="text",
    )


def _class_page(request: SchoolRequest) -> str:
    """The page of the class from which the user came to write; "" if from elsewhere."""
    section = uuid_or_none(request.GET.get("class"))
    return reverse("datareview:class-show", args=[section]) if section else ""


def anecdote_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change one's own note. A concurrent edit shows the other version."""
    anecdote = get_object_or_404(own_anecdotes(request.user), uuid=uuid)
    student = anecdote.student
    form = AnecdoteForm(request.POST or None, student=student, user=request.user, anecdote=anecdote)

    def newest() -> dict[str, object]:
        anecdote.refresh_from_db()
        return {"seen": anecdote.version}

    context = {"anecdote": anecdote, "student": student, "former": list(anecdote.former.all())}
    context["readings"] = list(anecdote.readings.select_related("reader"))
    return save_form(
        request,
        form,
        lambda: edit_anecdote(
            anecdote, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"] or 0
        ),
        page=lambda: render_form(request, "datareview/anecdotes/edit.html", form, context),
        then=student,
        done=_("Saved."),
        field="text",
        newest=newest,
    )


def anecdote_read(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a note, and log that it was read if it is for named people."""
    rows = anecdotes_visible_to(request.user).select_related("student__school", "author", "skill")
    anecdote = get_object_or_404(rows, uuid=uuid)
    read_anecdote(anecdote, actor=request.user)
    return render_page(request, "datareview/anecdotes/read.html", {"anecdote": anecdote})


@require_POST
def anecdote_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove one's own note; its page offers to restore it."""
    anecdote = get_object_or_404(own_anecdotes(request.user), uuid=uuid)
    return run_service(
        request,
        lambda: remove_anecdote(anecdote, actor=request.user),
        back=anecdote,
        done=_("The note was removed."),
    )


@require_POST
def anecdote_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring back one's own note that was removed."""
    anecdote = get_object_or_404(own_anecdotes(request.user), uuid=uuid)
    return run_service(
        request,
        lambda: restore_anecdote(anecdote, actor=request.user),
        back=anecdote.student,
        done=_("The note is on the page again."),
    )


def skill_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's skills, and add some."""
    require_ability(request.user, "edit_skills", request.school)
    form = SkillsForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: add_skills(request.school, actor=request.user, names=form.values()),
        page=lambda: render_form(
            request, "datareview/anecdotes/skills.html", form, {"skills": skills_with_uses(request.school)}
        ),
        then="datareview:skill-list",
        done=_("The skills were added."),
        field="names",
    )


def skill_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Rename a skill."""
    skill = _skill(request, uuid)
    form = SkillForm(request.POST or None, initial={"name": skill.name})
    return save_form(
        request,
        form,
        lambda: rename_skill(skill, actor=request.user, name=form.cleaned_data["name"]),
        page=lambda: render_form(request, "datareview/anecdotes/skill.html", form, {"skill": skill}),
        then="datareview:skill-list",
        done=_("Saved."),
        field="name",
    )


@require_POST
def skill_retire(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retire a skill, or bring it back."""
    skill = _skill(request, uuid)
    is_retired = request.POST.get("retired") == "yes"
    return run_service(
        request,
        lambda: retire_skill(skill, actor=request.user, is_retired=is_retired),
        back="datareview:skill-list",
    )


def _skill(request: SchoolRequest, uuid: UUID) -> Skill:
    skill = get_object_or_404(all_skills(request.school), uuid=uuid)
    require_ability(request.user, "edit_skills", skill.school)
    return skill
