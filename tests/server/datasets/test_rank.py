"""Which tables a question can mean."""

import itertools

from autoanalyst_ext.datasets.context import rank
from autoanalyst_ext.types.profiles import ColumnProfile, TableProfile, ValueCount


def table(name: str, *columns: str, rows: int = 10, values: tuple[str, ...] = ()) -> TableProfile:
    top = tuple(ValueCount(value=value, count=3) for value in values)
    profiles = tuple(
        ColumnProfile(name=each, dtype="str", kind="category", nulls=0, top=top) for each in columns
    )
    return TableProfile(name=name, library="pandas", rows=rows, columns=profiles, fingerprint=name)


ORDERS = table("orders", "order_id", "unitPrice", rows=500, values=("Berlin", "Ulm"))
HOUSES = table("housing", "price", "area", rows=100)
STAFF = table("my_staff", "name", "Salary", rows=900)
TABLES = (ORDERS, HOUSES, STAFF)


def first(question: str) -> str:
    return rank(TABLES, question)[0].name


def test_a_named_table_comes_first() -> None:
    assert first("How many orders are there?") == "orders"
    assert first("describe my staff, price and area") == "my_staff"


def test_columns_lead_to_their_table() -> None:
    assert first("average area") == "housing"
    assert first("What are the highest salaries?") == "my_staff"
    assert first("sum of unit price") == "orders"


def test_values_of_a_category_lead_to_their_table() -> None:
    assert first("what happened in berlin") == "orders"


def test_without_a_mention_the_largest_comes_first() -> None:
    assert [each.name for each in rank(TABLES, "hello")] == ["my_staff", "orders", "housing"]


def test_a_word_inside_another_is_no_mention() -> None:
    assert first("caretaker pricelist areas") == "housing"
    assert first("pricelist") == "my_staff"


def test_the_order_of_the_tables_does_not_matter_and_the_limit_holds() -> None:
    answers = {rank(tables, "price", limit=2) for tables in itertools.permutations(TABLES)}
    assert len(answers) == 1
    assert len(answers.pop()) == 2
    assert rank((), "price") == ()
