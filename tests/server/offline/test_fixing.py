"""Failed cells that the offline analyst fixes, and those that it leaves alone. Wrong is worse than silent."""

import ast

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoanalyst_ext.offline.abstention import Abstained
from autoanalyst_ext.offline.repairs import fix_task
from autoanalyst_ext.offline.repairs.closing import closed
from autoanalyst_ext.offline.repairs.fix_task import FixTask
from autoanalyst_ext.offline.repairs.fixing import Correction, FixOrder, Ran, fix, order_of
from autoanalyst_ext.offline.repairs.repair import Known
from autoanalyst_ext.types.cells import Execution

from .profiling import profile

HOUSING = profile(
    "housing",
    pd.DataFrame(
        {
            "price": [1.0, 2.0],
            "area": [3, 4],
            "City": ["a", "b"],
            "furnishing_status": ["x", "y"],
            "min_price": [1, 2],
            "sales_2024": [1, 2],
            "Total Sales": [1, 2],
        }
    ),
)
ORDERS = profile("orders", pd.DataFrame({"amount": [1, 2], "amounts": [1, 2], "pricee": [1, 2]}))
KNOWN = Known((HOUSING, ORDERS), frozenset({"housing", "orders", "pd", "tenants", "compute_total"}))


def fixed(source: str, error: str, known: Known = KNOWN) -> Correction | Ran | Abstained:
    order = order_of([FixTask(source, error).text()])
    assert order is not None
    return fix(order, (), known)


FIXED = [
    ("housing['pricee'].mean()", "KeyError: 'pricee'", "housing['price'].mean()"),
    ('housing["city"].unique()  # "city"', "KeyError: 'city'", 'housing["City"].unique()  # "city"'),
    (
        "housing[['pricee', 'aera']]",
        "KeyError: \"['pricee', 'aera'] not in index\"",
        "housing[['price', 'area']]",
    ),
    (
        "housing[['pricee']]",
        "KeyError: \"None of [Index(['pricee'], dtype='object')] are in the [columns]\"",
        "housing[['price']]",
    ),
    (
        "housing[housing['area'] > 3].groupby('furnishingstatus')['price'].mean()",
        "KeyError: 'furnishingstatus'",
        "housing[housing['area'] > 3].groupby('furnishing_status')['price'].mean()",
    ),
    (
        "housing.groupby('City').agg(total=('pricee', 'sum'))",
        "KeyError: \"Label(s) ['pricee'] do not exist\"",
        "housing.groupby('City').agg(total=('price', 'sum'))",
    ),
    ("housing.loc[housing.area > 3, 'pricee']", "KeyError: 'pricee'",
     "housing.loc[housing.area > 3, 'price']"),
    ("h = housing.head()\nh['pricee']", "KeyError: 'pricee'", "h = housing.head()\nh['price']"),
    ("housing['pricee'].sum() + orders['pricee'].sum()", "KeyError: 'pricee'",
     "housing['price'].sum() + orders['pricee'].sum()"),
    ("housing['Total Sale']", "KeyError: Total Sale", "housing['Total Sales']"),
    (
        "housing.pricee.mean()",
        "AttributeError: 'DataFrame' object has no attribute 'pricee'",
        "housing.price.mean()",
    ),
    ("housng['price']", "NameError: name 'housng' is not defined", "housing['price']"),
    ("pritn(1)", "NameError: name 'pritn' is not defined", "print(1)"),
    ("x = compute_totl(3)", "NameError: name 'compute_totl' is not defined", "x = compute_total(3)"),
    ("result = 1\nprint(reslut)", "NameError: name 'reslut' is not defined", "result = 1\nprint(result)"),
    ("np.mean([1])", "NameError: name 'np' is not defined", "import numpy as np\nnp.mean([1])"),
    ("px.bar(housing)", "NameError: name 'px' is not defined",
     "import plotly.express as px\npx.bar(housing)"),
    ("print(housing['price'].mean()", "SyntaxError: '(' was never closed ((withheld), line (withheld))",
     "print(housing['price'].mean())"),
    ("for i in range(3)  # three\n    print(i)", "SyntaxError: expected ':'",
     "for i in range(3):  # three\n    print(i)"),
    ("d = pd.DataFrame({\n    'a': [1, 2],\n    'b': [3, 4]\n", "SyntaxError: '{' was never closed",
     "d = pd.DataFrame({\n    'a': [1, 2],\n    'b': [3, 4]})\n"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "error", "expected"), FIXED)
def test_what_is_certain_is_corrected_and_nothing_else(source: str, error: str, expected: str) -> None:
    step = fixed(source, error)
    assert isinstance(step, Correction), step
    assert step.source == expected


def test_it_says_what_it_changed() -> None:
    step = fixed("housing['pricee'].mean()", "KeyError: 'pricee'")
    assert isinstance(step, Correction)
    assert step.said == "`pricee` is not a column of `housing`; used `price`."
    step = fixed("np.mean([1])", "NameError: name 'np' is not defined")
    assert isinstance(step, Correction)
    assert step.said == "`np` was not imported; added `import numpy as np`."
    step = fixed("print(1", "SyntaxError: '(' was never closed")
    assert isinstance(step, Correction)
    assert step.said == "A closing `)` was missing; added."


LEFT_ALONE = [
    ("housing['max_price']", "KeyError: 'max_price'"),
    ("housing['sales_2023']", "KeyError: 'sales_2023'"),
    ("housing['prize']", "KeyError: 'prize'"),
    ("housing['rooms']", "KeyError: 'rooms'"),
    ("orders['amont']", "KeyError: 'amont'"),
    ("housing.loc['pricee']", "KeyError: 'pricee'"),
    ("housing['price']['pricee']", "KeyError: 'pricee'"),
    ("settings = {'price': 1}\nsettings['pricee'] + housing['price'].sum()", "KeyError: 'pricee'"),
    ("t = housing.rename(columns={'price': 'cost_m'})\nt['pricee']", "KeyError: 'pricee'"),
    ("housing['pricey'] = 1\nhousing['pricee']", "KeyError: 'pricee'"),
    ("housing['pricee'] = housing['pricee'] * 2", "KeyError: 'pricee'"),
    ("def f(housing):\n    return housing['pricee']\nf({})", "KeyError: 'pricee'"),
    ("housing.pricee()", "AttributeError: 'DataFrame' object has no attribute 'pricee'"),
    ("tenant['price']", "NameError: name 'tenant' is not defined"),
    ("del housng", "NameError: name 'housng' is not defined"),
    ("print(total)\ntotal = 1", "NameError: name 'total' is not defined"),
    ("f'{housng.shape}", "SyntaxError: unterminated f-string literal"),
    ("max(a, b + 1", "SyntaxError: '(' was never closed"),
    ("housing[['a', 'b'].mean()", "SyntaxError: '[' was never closed"),
    ("housing.groupby('City'['price'].mean()", "SyntaxError: '(' was never closed"),
    ("housing.groupby(key.mean()", "SyntaxError: '(' was never closed"),
    ("x = (1 + 2 * 3", "SyntaxError: '(' was never closed"),
    ("x = f(\ny = 3", "SyntaxError: '(' was never closed"),
    ("x = (1]", "SyntaxError: closing parenthesis ']' does not match opening parenthesis '('"),
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("%%time\nhousing['pricee']", "KeyError: 'pricee'"),
]


@pytest.mark.parametrize(("source", "error"), LEFT_ALONE)
def test_what_is_not_certain_is_left_alone(source: str, error: str) -> None:
    step = fixed(source, error)
    assert isinstance(step, Abstained), step
    assert "A model with a key" in step.not_understood or "ask a model with a key" in step.not_understood


def test_two_near_columns_are_offered_and_the_choice_is_understood() -> None:
    text = FixTask("orders['amont'].sum()", "KeyError: 'amont'").text()
    step = fixed("orders['amont'].sum()", "KeyError: 'amont'")
    assert isinstance(step, Abstained)
    assert step.suggestions == ("Use `amount` for `amont`", "Use `amounts` for `amont`")
    assert "`amount` or `amounts`" in step.not_understood
    order = order_of(["an earlier question", text, step.suggestions[1]])
    assert order is not None
    chosen = fix(order, (), Known(KNOWN.tables, KNOWN.names, order.chosen))
    assert isinstance(chosen, Correction)
    assert chosen.source == "orders['amounts'].sum()"


def test_a_choice_without_an_order_before_it_is_a_question() -> None:
    assert order_of(["Use `amount` for `amont`"]) is None
    assert order_of(["mean price", "Use `amount` for `amont`"]) is None


def test_a_second_mistake_is_corrected_too() -> None:
    order = FixOrder(FixTask("housng['pricee']", "NameError: name 'housng' is not defined"))
    again = Execution(
        cell_id="1", source="housing['pricee']", status="error", ename="KeyError", evalue="'pricee'"
    )
    step = fix(order, (again,), KNOWN)
    assert isinstance(step, Correction)
    assert step.source == "housing['price']"
    assert (
        step.said
        == "There is no `housng`; used `housing`. `pricee` is not a column of `housing`; used `price`."
    )


def test_a_cell_that_fails_again_is_not_said_to_be_fixed() -> None:
    order = FixOrder(FixTask("housng.mean()", "NameError: name 'housng' is not defined"))
    again = Execution(cell_id="1", source="housing.mean()", status="error", ename="TypeError", evalue="no")
    step = fix(order, (again,), KNOWN)
    assert isinstance(step, Ran)
    assert "fails too, with `TypeError`" in step.text


PIECES = st.sampled_from(["`", "```", "\n", "python", "text", "a", "'", fix_task.ENDED, fix_task.ORDER])
CODE = st.lists(PIECES).map("".join)


@given(CODE | st.text(), CODE | st.text())
@example("```\n\nIt ended with:\n\n```text\nx\n```", "````")
def test_a_task_is_read_back_as_it_was_written(source: str, error: str) -> None:
    task = FixTask(source, error)
    assert fix_task.read(task.text()) == task


@given(st.text())
def test_other_text_is_no_task(text: str) -> None:
    assert fix_task.read(text) is None
    assert fix_task.read(f"{FixTask(text, text).text()}!") is None


@given(st.text(st.sampled_from(list("ab(),[]{}:.= \n'1+#")), max_size=30))
def test_what_is_closed_parses_and_only_gained_signs(source: str) -> None:
    found = closed(source)
    if found is not None:
        ast.parse(found.source)
        assert len(found.source) > len(source)
        rest = iter(found.source)
        assert all(letter in rest for letter in source), (
            "everything that was written is still there, in order"
        )
