"""The methods page, and what every public function of the kernel must document."""

import inspect

import docstring_parser
import pytest

from tests import methods

pytestmark = pytest.mark.kernel

ALL = [function for _module, functions in methods.functions() for function in functions]


def test_the_methods_page_matches_the_docstrings():
    assert methods.PAGE.read_text(encoding="utf-8") == methods.page(), "run ./dev docs"


@pytest.mark.parametrize("function", ALL, ids=lambda function: function.__name__)
def test_every_public_function_is_described_and_tested(function):
    doc = docstring_parser.parse(
        inspect.getdoc(function) or "", style=docstring_parser.DocstringStyle.NUMPYDOC
    )
    assert doc.short_description
    assert methods.tests_of(function), "no test of the kernel names it"


def test_every_public_function_serves_a_page():
    """The product uses it, or a function that the product uses does; what no one can see is not a feature."""
    unseen = {function.__name__ for function in ALL} - methods.used_by_the_product()
    assert sorted(unseen) == sorted(methods.WITHOUT_A_PAGE)
