"""A chat's title comes from its first question."""

import pytest

from autoanalyst_ext.chats.titles import title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("List top 10 houses by area", "List top 10 houses by area"),
        (
            "@statistical_analyst_agent What is the average price of houses in the dataset?",
            "Average price of houses in the dataset",
        ),
        ("Could you please show me the mean price?", "Mean price"),
        ("```python\nx = 1\n``` why does it fail", "Why does it fail"),
        ("What is the", "The"),
        ("How do I get the largest price?", "How do I get the largest price"),
        (
            "Compare price by city and area with the rent that is usual in the towns around",
            "Compare price by city and area with the rent",
        ),
        ("   ", "New chat"),
        ("@data_viz_agent", "New chat"),
        ("a" * 200, "A" + "a" * 59),
        ("überraschend viele häuser?", "Überraschend viele häuser"),
    ],
)
def test_a_title_is_the_question_in_few_words(question: str, title: str) -> None:
    assert title_of(question) == title
