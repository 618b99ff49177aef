from datareview.recipes.services import recipe_version
from tests.access import Page, Post, by, now, one

ADMIN = by("ada zac", rest=403)

PAGES = [Page("recipe-list", who=ADMIN), Page("recipe-edit", one("recipe"), by("ada"))]

POSTS = [
    Post(
        "recipe-edit",
        one("recipe"),
        by("ada"),
        data=lambda side: {
            "name": "Spelling",
            "column_student": "student_id",
            "column_value": "score",
            "seen": recipe_version(side.recipe),
        },
        effect=now("recipe", "name"),
        becomes="Spelling",
    ),
    Post("recipe-forget", one("recipe"), by("ada"), effect=now("recipe", "name"), becomes=None),
]
