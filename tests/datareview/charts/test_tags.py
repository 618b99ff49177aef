"""The chart as a component."""

import re

from django.template import Context, Template


def rendered(source, **context):
    """The page without the space between a tag and its text, which readers do not see."""
    page = Template("{% load charts %}" + source).render(Context(context))
    return re.sub(r"(?<=>)\s+|\s+(?=<)", "", page)


def test_the_finding_is_the_heading_and_the_values_are_a_table(progress):
    page = rendered("{% chart chart heading=3 %}", chart=progress)
    assert '<h3 class="chart-title">Maya gains 1.1 words a week</h3>' in page
    assert '<td class="num">64.5</td>' in page
    assert page.count("<svg") == 4  # wide, phone, and two icons


def test_the_data_cannot_close_their_script(slope):
    from dataclasses import replace

    page = rendered("{% chart chart %}", chart=replace(slope, y_label="</script><script>"))
    assert "</script><script>" not in page


def test_a_small_one_is_drawn_once_and_has_no_tools(progress):
    page = rendered('{% chart chart size="small" %}', chart=progress)
    assert '"displayModeBar": false' in page
    assert page.count('viewBox="0 0 340') == 1


def test_an_empty_one_says_so():
    from datareview.charts.spec import Chart

    assert "No data to show yet." in rendered("{% chart chart %}", chart=Chart("t", "s"))


def test_a_cell_opens_its_page(levels):
    from dataclasses import replace

    rows = levels.table.rows
    links = tuple(("", *("/data/students/" for _cell in row[1:])) for row in rows)
    page = rendered("{% chart chart %}", chart=replace(levels, table=replace(levels.table, links=links)))
    assert page.count('<a href="/data/students/">') == sum(len(row) - 1 for row in rows)
