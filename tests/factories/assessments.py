"""Common assessments with items, sittings and answers."""

from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting, Standard


def make_standard(school, code="4.NF.B.3", statement="Add and subtract fractions."):
    return Standard.objects.create(school=school, framework="Common Core", code=code, statement=statement)


def make_assessment(team, keys="CABD", *, title="Unit 3 check", given_on=None, sections=(), standard=None):
    """An assessment of ``team``, given today, with a choice item for each letter of ``keys``."""
    assessment = Assessment.objects.create(
        team=team, title=title, given_on=given_on or team.school.today(), made_by=None
    )
    assessment.sections.set(sections)
    AssessmentItem.objects.bulk_create(
        AssessmentItem(assessment=assessment, number=number, key=key, standard=standard)
        for number, key in enumerate(keys, start=1)
    )
    return assessment


def answer(assessment, student, choices, *, section=None):
    """``student`` sat it and chose these letters, one per item: " " is a blank, "." has not been entered."""
    Sitting.objects.create(assessment=assessment, student=student, section=section)
    ItemResponse.objects.bulk_create(
        ItemResponse(item=item, student=student, choice=choice.strip(), points=float(choice == item.key))
        for item, choice in zip(assessment.items.order_by("number"), choices, strict=True)
        if choice != "."
    )


def absent(assessment, student, *, section=None):
    """``student`` did not sit it."""
    Sitting.objects.create(assessment=assessment, student=student, section=section, is_absent=True)
