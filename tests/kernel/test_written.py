"""Questions that IPython would read in another way."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autoanalyst_kernel.written import install, understand

CALL = "get_ipython().run_line_magic('analyst', "


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("answer = %analyst How many?\n", f"answer = {CALL}'How many?')\n"),
        ("%analyst --model x What's it?", f'{CALL}"--model x What\'s it?")\n'),
        ("    a.b = %analyst why?\n", f"    a.b = {CALL}'why?')\n"),
        ("answer = %analyst top 10\n", "answer = %analyst top 10\n"),
        ("%analyst?\n", "%analyst?\n"),
        ("analyst?\n", "analyst?\n"),
        ("x = 'a %analyst b?'\n", "x = 'a %analyst b?'\n"),
        ("# %analyst why?\n", "# %analyst why?\n"),
    ],
)
def test_a_question_mark_asks_the_analyst_and_not_for_help(line: str, read: str) -> None:
    assert understand([line]) == [read]


def test_a_question_on_the_line_of_the_cell_magic_is_a_cell() -> None:
    assert understand(["%%analyst How many?\n"]) == ["%%analyst How many?\n", "\n"]
    assert understand(["%%analyst\n"]) == ["%%analyst\n"]
    assert understand(["%%analyst --as a\n", "How many?\n"]) == ["%%analyst --as a\n", "How many?\n"]


def test_the_lines_of_another_cell_magic_are_its_own() -> None:
    lines = ["%%bash\n", "%analyst why?\n"]
    assert understand(lines) == lines


def test_ipython_takes_it_so_and_no_longer_after_unloading() -> None:
    shell = InteractiveShell()
    undo = install(shell)
    assert shell.transform_cell("x = %analyst why?") == f"x = {CALL}'why?')\n"
    assert shell.transform_cell("%%analyst why?").startswith(
        "get_ipython().run_cell_magic('analyst', 'why?', "
    )
    undo()
    assert "pinfo" in shell.transform_cell("x = %analyst why?")
