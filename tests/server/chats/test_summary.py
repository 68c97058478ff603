"""The line of an answer that the list of chats shows."""

import pytest

from autoanalyst_ext.chats.summary import MOST, summary_of


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        ("The mean is **4,766,729**.\n\nMore.", "The mean is 4,766,729."),
        ("# Result\n\ntext", "Result"),
        ("```python\nx = 1\n```\n\nDone: _yes_", "Done: yes"),
        ("~~~\nnever closed", ""),
        ("> - [plot](https://example.com) of `price`", "plot of price"),
        ("1. First\n2. Second", "First"),
        ("| city | mean |\n|---|---:|\n| Oslo | 3 |", "city · mean"),
        ("---\n\nsnake_case_name stays, 3 * 4 too", "snake_case_name stays, 3 * 4 too"),
        ("\\<b\\>bold\\</b\\> &#96;x&#96;", "<b>bold</b> `x`"),
        ("", ""),
        ("x" * 200, "x" * (MOST - 1) + "…"),
    ],
)
def test_a_summary_is_the_first_line_as_plain_text(answer: str, summary: str) -> None:
    assert summary_of(answer) == summary
