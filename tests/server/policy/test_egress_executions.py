"""Executions in payloads: code decides what is a statistic, and canaries stay wherever they are planted."""

from functools import lru_cache
from typing import Any

import pandas as pd
import pytest

from autoanalyst_ext.policy import egress
from autoanalyst_ext.types.cells import DisplayOutput, ErrorOutput, ResultOutput, StreamOutput
from autoanalyst_ext.types.results import (
    FigureResult,
    MappingResult,
    OtherResult,
    ScalarResult,
    SequenceResult,
    SeriesResult,
    TableResult,
)
from autoanalyst_ext.types.runs import EgressLevel

from .egress_frames import executed, profile, result, run

BELOW_ROWS: tuple[EgressLevel, ...] = ("names", "schema", "statistics", "masked")


def houses() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [901_003 + 7 * n for n in range(60)],
            "street": [f"Canary Street {n}" for n in range(60)],
            "zone": ["north"] * 30 + ["south"] * 28 + ["Canaryside"] * 2,
            "rooms": [1 + n % 4 for n in range(60)],
            "price": [125_000.5 + 1_013.25 * ((n * 37) % 59) for n in range(60)],
            "sold": pd.date_range("1987-03-05", periods=60, freq="19D"),
        }
    )


HOUSES = houses()
KNOWN = [profile("df", HOUSES)]


def shown(source: str, level: EgressLevel = "statistics") -> str:
    value = run(source, df=HOUSES.copy())
    return egress.render_execution(executed(source, result(value)), level, KNOWN, "c1")


PERMITTED = [
    ("df['price'].mean()", ["c1: 153895"]),
    ("m = df['price'].mean(); m", ["c1: 153895"]),
    ("mean = df['price'].mean()\nround(mean / 1000, 1)", ["c1: 153.9"]),
    ("len(df)", ["c1: 60"]),
    ("df.shape", ["c1[0]: 60", "c1[1]: 6"]),
    ("df['price'].max()", ["c1: 183769"]),
    ("df[df['zone'] == 'north']['price'].median()", ["c1: 152865"]),
    ("df.loc[df['rooms'] > 2, 'price'].mean()", ["c1: 160498"]),
    ("df['street'].nunique()", ["c1: 60"]),
    ("df['price'].corr(df['rooms'])", ["c1: 0.434104"]),
    ("(df['rooms'] > 2).sum()", ["c1: 30"]),
    ("{'mean': df['price'].mean(), 'houses': len(df)}", ["c1.mean: 153895", "c1.houses: 60"]),
    ("df.groupby('zone')['price'].mean()", ['zone="north": price=15', 'zone="south": price=15']),
    ("df['zone'].value_counts()", ['zone="north": count=30']),
    ("df['zone'].value_counts().to_dict()", ["c1.north: 30", "1 keys that are not shown"]),
    ("df.groupby('zone', as_index=False)['price'].mean()", ['zone="north", price=15']),
    ("df.groupby('zone').agg(mean=('price', 'mean'), n=('code', 'count'))", ["mean=15", "n=30"]),
    ("df.groupby(['zone', 'rooms']).size().reset_index(name='n')", ['zone="north", rooms=1']),
    ("df.groupby('rooms')['price'].agg(['mean', 'median']).round(2)", ["rooms=1: mean=", "median="]),
    ("df['price'].describe()", ['"75%": price=', '"std": price=']),
    ("df['price'].describe()['std']", ["c1: 17"]),
    ("df.describe()['price']['max']", ["c1: 183769"]),
    ("df[['price', 'rooms']].mean()", ['"price": values=153895']),
    ("df.isna().sum()", ['"street": values=0']),
    ("df.pivot_table(index='zone', columns='rooms', values='price', aggfunc='mean')", ['zone="north": "1"=']),
    ("pd.crosstab(df['rooms'], df['zone'])", ["rooms=1: north="]),
    ("df.nlargest(10, 'price')['price'].mean()", ["c1: 179"]),
    ("df[['price', 'rooms']].corr()", ['"price": price=1, rooms=0.434104']),
]


@pytest.mark.parametrize(("source", "expected"), PERMITTED, ids=[source for source, _ in PERMITTED])
def test_statistics_that_the_code_proves_are_shown(source: str, expected: list[str]) -> None:
    text = shown(source)
    assert all(part in text for part in expected), text
    assert "Canary" not in text


WITHHELD = [
    "df['price'].iloc[0]",
    "df['street'].iloc[3]",
    "df.iloc[3]['price']",
    "df['price'].values[2]",
    "df['price'].head(1).sum()",
    "df.sample(1)['price'].mean()",
    "df['price'].nlargest(1).sum()",
    "df['street'].max()",
    "df['sold'].min()",
    "df['code'].min()",
    "df['code'].max()",
    "df['code'].median()",
    "df['zone'].mode()[0]",
    "df.loc[5, 'price']",
    "df.at[5, 'street']",
    "df['price'].iloc[7] if len(df) > 1 else 0",
    "df.groupby('street')['price'].mean()['Canary Street 3']",
    "df.groupby('zone')[['code', 'price']].max().max().max()",
    "df.agg('max').describe()",
    "df[['code', 'price']].max().reset_index(name='price')",
    "df[['code', 'price']].max().cumsum()",
    "df[['code', 'price']].max().sub(0).to_frame('mean')",
    "df['x'] = df['price'].iloc[0]\ndf['x'].mean()",
    "df['price'] = df['code']\ndf['price'].max()",
    "df.loc[:, 'rooms'] = df['code']\ndf['rooms'].max()",
    "res = df.groupby('zone')[['price']].mean()\nres['price'] = df['price'].iloc[0]\nres",
    "a, b = df[['code', 'price']].max()\na",
    "df[['code', 'price']].max()['code']",
    "df[['code', 'price']].describe().loc['max'].max()",
    "list(df['price'])[4]",
    "x = df['price'].iloc[0]\nx",
    "for v in df['price']:\n    last = v\nlast",
    "m = df['price'].mean()\nfor m in df['price']:\n    pass\nm",
    "def mean():\n    return df['price'].iloc[0]\nmean()",
    "len = lambda x: df['price'].iloc[9]\nlen(df)",
    "(m := df['price'].iloc[0])\nm",
    "df.groupby('zone')['street'].first()",
    "df.groupby('zone')['street'].max()",
    "df.groupby('zone')['code'].max()",
    "df.groupby('zone')['code'].max().to_frame('mean')",
    "df.groupby('zone').agg(highest=('code', 'max'))",
    "df.groupby('zone').agg(x=('code', 'max'), mean=('price', 'mean'))['x']",
    "df.groupby('street')['price'].mean()",
    "df.groupby('code')['price'].mean()",
    "df.groupby('code')[['price']].mean().reset_index(names='price2')",
    "df.groupby('code')['price'].mean().reset_index(drop=True)",
    "df.groupby('code', as_index=False)['price'].mean()['price']",
    "df['street'].value_counts()",
    "df['code'].value_counts().reset_index()",
    "df.set_index('street')['price']",
    "df.set_index('street')['price'].to_dict()",
    "df.set_index('street')[['price']].T",
    "df.pivot_table(index='rooms', columns='street', values='price', aggfunc='mean')",
    "df.head()",
    "df.tail(3).to_dict('records')",
    "df['street'].tolist()",
    "df['street'].unique()",
    "sorted(df['street'])[0]",
    "f\"{df['price'].mean()} {df['street'].iloc[0]}\"",
    "{'mean': df['price'].iloc[0], 'name': df['street'].iloc[0]}",
    "{df['street'].iloc[0]: df['price'].mean()}",
    "[df['price'].iloc[1], df['street'].iloc[1]]",
    "df['street'].sum()",
    "df.groupby('zone')['price'].mean().add(df.set_index('zone')['price'].iloc[:1])",
    "df.groupby('zone')['street'].agg(lambda s: s.iloc[0])",
    "df['price'].agg(lambda s: s.iloc[0])",
    "df.groupby('zone')['price'].idxmax()",
    "df['price'].apply(str).max()",
]


@lru_cache
def canaries() -> list[str]:
    """Everything in the frame that is a single row's value, as it could be written."""
    frame = HOUSES
    numbers = {f"{value:.6g}" for value in frame["price"]} | {str(value) for value in frame["price"]}
    codes = {str(value) for value in frame["code"]}
    return ["Canary", "1987", "1988", "1990", *sorted(numbers), *sorted(codes)]


@pytest.mark.parametrize("level", BELOW_ROWS)
@pytest.mark.parametrize("source", WITHHELD)
def test_values_stay_and_are_reached_by_reference(source: str, level: EgressLevel) -> None:
    try:
        text = shown(source, level)
    except (KeyError, TypeError, ValueError) as error:
        pytest.fail(f"the example does not run: {error}")
    for canary in canaries():
        assert canary not in text, text
    assert "c1" in text


@pytest.mark.parametrize("level", BELOW_ROWS)
def test_canaries_in_every_output_and_result_stay(level: EgressLevel) -> None:
    canary = "Zanary Wren 55501234"
    outputs = (
        StreamOutput(name="stdout", text=f"{canary}\n"),
        StreamOutput(name="stderr", text=f"warning: {canary}\n"),
        DisplayOutput(
            data={"text/html": f"<b>{canary}</b>", "text/plain": canary}, metadata={canary: canary}
        ),
        DisplayOutput(data={"application/vnd.plotly.v1+json": {"data": [{"x": [canary]}]}, canary: canary}),
        ResultOutput(data={"text/plain": canary}),
        ErrorOutput(ename="ValueError", evalue=canary, traceback=(canary,)),
    )
    results = [
        ScalarResult(type="str", value=canary),
        ScalarResult(type=canary, value=55501234),
        SeriesResult(
            name=canary, dtype=canary, index_names=(canary,), index=(canary,), values=(canary,), length=1
        ),
        TableResult(
            columns=(canary,),
            dtypes=(canary,),
            index_names=(canary,),
            index=(canary,),
            rows=((canary,),),
            length=1,
        ),
        MappingResult(keys=(canary,), values=(ScalarResult(type="str", value=canary),), length=1),
        SequenceResult(values=(ScalarResult(type="str", value=canary),), length=1),
        FigureResult(library=canary, title=canary, traces=(canary,), points=3),
        OtherResult(type=canary),
    ]
    made = profile("made", pd.DataFrame({canary: [55501234] * 8, "price": [canary] * 8}))
    for value in results:
        for source in (
            "df.pivot(index='a', columns='b')",
            "df.groupby('zone').size()",
            "df['zone'].nunique(",
        ):
            execution = executed(
                source, value, status="error", outputs=outputs, tables=(made,), ename=canary, evalue=canary
            )
            text = egress.render_execution(execution, level, KNOWN, "c1")
            for part in ("Zanary", "Wren", "5550", "55501234"):
                assert part not in text, text


def test_rows_show_results_outputs_and_errors_as_they_are() -> None:
    outputs = (StreamOutput(name="stdout", text="printed Canary\n"),)
    frame = HOUSES
    text = egress.render_execution(
        executed("df.head(3)", result(frame.head(3)), outputs=outputs), "rows", KNOWN, "c1"
    )
    assert "printed Canary" in text
    assert "Canary Street 2" in text
    failed = executed("x", status="error", ename="ValueError", evalue="bad Canary")
    assert "bad Canary" in egress.render_execution(failed, "rows", [], "c2")


@pytest.mark.parametrize("source", ["len(df)", "df.shape", "{'n': len(df), 'rows': list(df['zone'])}", "df"])
def test_names_tell_no_sizes(source: str) -> None:
    outputs = (StreamOutput(name="stdout", text="x" * 60),)
    value = result(run(source, df=HOUSES))
    text = egress.render_execution(executed(source, value, outputs=outputs), "names", KNOWN, "c1")
    assert "60" not in text
    assert "c1" in text


def test_a_long_result_says_how_many_rows_are_not_shown() -> None:
    frame = HOUSES
    text = egress.render_execution(executed("df", result(frame)), "rows", KNOWN, "c1")
    assert "... 40 more rows not shown" in text


def test_a_groups_withheld_rows_are_counted() -> None:
    text = shown("df.groupby('zone')['price'].mean()")
    assert "Canaryside" not in text
    assert "1 more rows not shown" in text


def test_masked_shows_masked_rows_of_a_result() -> None:
    text = shown("df[['street', 'price']].head(2)", "masked")
    assert '["Xxxxxx Xxxxxx 0", 130000]' in text
    assert "Canary" not in text


def test_the_title_that_the_code_wrote_is_kept_and_another_is_not() -> None:
    figure = FigureResult(library="plotly", title="Price by zone", traces=("bar", "bar"), points=6)
    text = egress.render_execution(
        executed("px.bar(df, title='Price by zone')", figure), "statistics", [], "c1"
    )
    assert "Price by zone" in text
    assert "bar (2 in all)" in text
    assert "6 points" in text
    other = egress.render_execution(executed("draw(df)", figure), "statistics", [], "c1")
    assert "Price by zone" not in other


def test_printed_text_is_described_and_withheld() -> None:
    outputs = (StreamOutput(name="stdout", text="a\nb\nc\n"),)
    text = egress.render_execution(executed("print(x)", outputs=outputs), "statistics", [], "c1")
    assert "stdout: 3 lines (6 characters), withheld" in text


def test_a_table_that_code_made_shows_only_known_column_names() -> None:
    made = profile("wide", pd.DataFrame({"Canary": [1.0] * 9, "zone": [2.0] * 9}))
    execution = executed("wide = df.pivot(index='zone', columns='street')", tables=(made,))
    text = egress.render_execution(execution, "statistics", KNOWN, "c1")
    assert "zone float64" in text
    assert "column 0: name withheld" in text
    assert "Canary" not in text


def test_a_table_that_was_read_from_a_file_is_a_table_of_the_users() -> None:
    read = profile("orders", pd.DataFrame({"amount": [float(n) for n in range(30)]}))
    execution = executed("import pandas as pd\norders = pd.read_csv('orders.csv')", tables=(read,))
    text = egress.render_execution(execution, "statistics", [], "c1")
    assert "amount float64: 0 to 29" in text


def test_the_verdict_on_a_table_follows_its_new_profile() -> None:
    """A cell may replace the table that was known: its new profile counts."""
    small = pd.DataFrame({"price": [424242.5]})
    execution = executed(
        "df = df.iloc[[0]]\ndf['price'].mean()", result(424242.5), tables=(profile("df", small),)
    )
    text = egress.render_execution(execution, "statistics", KNOWN, "c1")
    assert "424242" not in text


def test_the_same_execution_gives_the_same_bytes() -> None:
    source = "df.groupby('zone')['price'].mean()"
    texts: set[Any] = {shown(source) for _ in range(3)}
    assert len(texts) == 1
