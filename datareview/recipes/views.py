"""The list of what a school remembers of its files, and a page to change or forget each form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.recipes import services
from datareview.recipes.forms.recipes import RecipeFilter, RecipeForm
from datareview.recipes.permissions import recipes_visible_to
from datareview.recipes.queries import recipes_of
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.recipes.models import FileRecipe
    from teams.lib.requests import SchoolRequest


def recipe_list(request: SchoolRequest) -> HttpResponse:
    """Show what the school remembers, filtered and sorted by the query string."""
    require_ability(request.user, "import_data", request.school)
    page, rows = recipes_of(request.user, request.school, request.GET.dict())
    context = {"page": page, "rows": rows, "filters": RecipeFilter(request.GET)}
    return render_page(request, "datareview/recipes/list.html", context)


def recipe_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a remembered form. A concurrent edit shows the other version."""
    recipe = _visible(request, uuid)
    form = RecipeForm(request.POST or None, recipe=recipe)

    def newest() -> dict[str, object]:
        recipe.refresh_from_db()
        return {"seen": services.recipe_version(recipe)}

    return save_form(
        request,
        form,
        lambda: services.edit_recipe(
            recipe,
            actor=request.user,
            name=form.cleaned_data["name"],
            mapping=form.mapping(),
            seen=form.cleaned_data["seen"],
            keep_way=form.cleaned_data.get("keep_way", True),
        ),
        page=lambda: render_form(request, "datareview/recipes/edit.html", form, {"recipe": recipe}),
        then="datareview:recipe-list",
        done=_("Saved. The next file of this form is matched so."),
        field="seen",
        newest=newest,
    )


@require_POST
def recipe_forget(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Forget a form."""
    recipe = _visible(request, uuid)
    return run_service(
        request,
        lambda: services.forget_recipe(recipe, actor=request.user),
        back=recipe,
        then="datareview:recipe-list",
        done=_("Forgotten. The next file of this form is matched anew."),
    )


def _visible(request: SchoolRequest, uuid: UUID) -> FileRecipe:
    rows = recipes_visible_to(request.user).select_related("school")
    return get_object_or_404(rows, uuid=uuid)
