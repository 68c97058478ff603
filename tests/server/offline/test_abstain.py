"""Where the analyst must be silent, and what it offers instead."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand
from autoanalyst_ext.offline.suggestions import to_begin_with

from .profiling import profile
from .tables import FLATS, PROFILES

SILENT = {
    "flats": [
        "why is the rent so high?",
        "predict the rent of a new flat",
        "will rents rise next year?",
        "should I take the first flat?",
        "what is the best flat?",
        "which flats are good?",
        "what drives the rent?",
        "explain the rent",
        "average room",
        "average salary",
        "mean of city",
        "average rent in Berlin",
        "top 10 flats",
        "flats bigger than 50",
        "average rent by city and colour",
        "rent / floorspace",
        "rent of the second largest flat",
        "remove outliers from rent",
        "average rent growth",
        "correlation between rent and city",
        "how many unicorns are there?",
        "how many bedrooms",
        "rent",
        "rent by floorspace",
        "average rent by rent",
        "average rent where floorspace > 50 or bedrooms > 3 and city is Oslo",
        "average rent in Oslo and Lima",
        "flats with bedrooms",
        "delete all rows",
        "10% of the flats",
        "top 3.5 flats by rent",
        "row 99",
        "bar chart of rent by city",
        "compare Oslo and Lima",
        "flats with a balcony or rent over 2000 in Oslo",
        "average rent of the 5 largest flats by floorspace",
        "flats in `Berlin`",
        'flats with city "Berlin" and 3',
        "hello",
        "what can you do?",
        "",
        "?!",
        "🎉",
        "average " * 100,
    ],
    "patients": [
        "average age by clinic",
        "patients whose age is old",
        "average age of patients in East and West",
        "median blood group",
        "weight by country",
    ],
    "orders": ["average OrderDate", "orders shipped by train", "latest UnitPrice"],
}  # fmt: skip


@pytest.mark.parametrize(("table", "question"), [(table, q) for table, qs in SILENT.items() for q in qs])
def test_a_question_without_one_sure_reading_is_not_answered(table: str, question: str) -> None:
    found = understand(question, [PROFILES[table]])
    assert isinstance(found, Abstained), found
    assert found.not_understood
    assert len(found.suggestions) == 3
    for suggestion in found.suggestions:
        assert isinstance(understand(suggestion, [PROFILES[table]]), Planned), suggestion


def test_unknown_words_are_named() -> None:
    found = understand("average rent by colour", [PROFILES["flats"]])
    assert isinstance(found, Abstained)
    assert "“colour”" in found.not_understood
    assert "`rent`" in found.understood
    assert any("rent" in suggestion for suggestion in found.suggestions)


def test_two_columns_that_fit_are_both_named() -> None:
    found = understand("average age by clinic", [PROFILES["patients"]])
    assert isinstance(found, Abstained)
    assert "`home_clinic`" in found.not_understood
    assert "`family_clinic`" in found.not_understood


def test_two_tables_that_fit_are_both_named() -> None:
    found = understand("how many rows are there?", list(PROFILES.values()))
    assert isinstance(found, Abstained)
    assert "`flats`" in found.not_understood
    assert "`orders`" in found.not_understood
    assert len(found.suggestions) == 3
    for suggestion in found.suggestions:
        assert isinstance(understand(suggestion, list(PROFILES.values())), Planned), suggestion


def test_another_tables_name_is_no_noun_for_this_ones_rows() -> None:
    assert isinstance(understand("how many orders have a balcony?", list(PROFILES.values())), Abstained)


def test_a_part_of_a_name_does_not_group_every_row_by_itself() -> None:
    table = profile("flats", FLATS.assign(tenant_number=range(len(FLATS))))
    assert isinstance(understand("average rent by tenant", [table]), Abstained)
    found = understand("average rent by tenant number", [table])
    assert isinstance(found, Planned)
    assert found.sentence == "mean of `rent`, by `tenant_number`"


def test_without_a_table_nothing_is_suggested() -> None:
    found = understand("average rent", [])
    assert isinstance(found, Abstained)
    assert found.suggestions == ()


@pytest.mark.parametrize("table", list(PROFILES))
def test_the_four_first_questions_can_be_answered(table: str) -> None:
    questions = to_begin_with(PROFILES[table], [PROFILES[table]])
    assert len(set(questions)) == 4
    for question in questions:
        assert isinstance(understand(question, [PROFILES[table]]), Planned), question


def test_first_questions_name_their_table_where_there_are_several() -> None:
    tables = list(PROFILES.values())
    for table in tables:
        for question in to_begin_with(table, tables):
            assert isinstance(understand(question, tables), Planned), question
