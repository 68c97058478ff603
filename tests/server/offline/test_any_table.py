"""Properties that hold for tables and questions of any kind."""

import statistics
import time

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autoanalyst_ext.offline.analyst import Abstained, Planned, answer, understand
from autoanalyst_ext.offline.suggestions import to_begin_with

from .profiling import profile, result
from .running import run
from .tables import PROFILES
from .test_answer import REFERENCE, assert_exists
from .test_understand import UNDERSTOOD

NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(["class", "index", "mean", "count", "a", "of", "Total Price", "größe", 'x"y', "rows"]),
    st.integers(0, 3000),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
VALUES = st.one_of(
    st.lists(st.integers(0, 1), min_size=6, max_size=6),
    st.lists(st.floats(0, 100), min_size=6, max_size=6),
    st.lists(st.integers(-5, 5), min_size=6, max_size=6),
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=6, max_size=6),
    st.lists(st.sampled_from(["red", "blue", "semi-open", "a'b", None]), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.lists(st.text(max_size=5), min_size=6, max_size=6),
    st.lists(
        st.datetimes(min_value=pd.Timestamp(2000, 1, 1), max_value=pd.Timestamp(2030, 1, 1)),
        min_size=6,
        max_size=6,
    ),
)
TEMPLATES = (
    "mean of {0}", "average {0} by {1}", "top 3 rows by {0}", "sum and max of {0}", "rows where {0} > 1",
    "median {0} and mean {1}", "minimum {0} by {1} where {2} is missing", "distinct values of {0}",
    "how many different {0}", "value counts of {0}", "most common {0}", "missing values in {0}",
    "correlation between {0} and {1}", "which column correlates most with {0}", "histogram of {0}",
    "describe {0}", "bar chart of {0}", "box plot of {0} by {1}",
    "scatter plot of {0} vs {1}", "bar chart of total {0} by {1}",
    "line chart of {0} over {1}", "top 2 {1} by average {0}", "share of rows with {0} > 0 by {1}",
    "share of rows with {0} = 1", "rows sorted by {0} descending", "number of rows by {0} and {1}",
    "rows where {0} is not missing and {1} is between -1 and 3", "{0}, {1} and {2}", "{0}",
)  # fmt: skip


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A frame of one to four columns with any names and kinds."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4))
    columns = [pd.Series(draw(VALUES)) for _ in names]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index(names, tupleize_cols=False)
    return frame


def quoted(name: object) -> str:
    """How a question names a column exactly."""
    return f"`{name if isinstance(name, str) else repr(name)}`"


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(frame=frames(), template=st.sampled_from(TEMPLATES), data=st.data())
def test_whatever_is_planned_runs_and_is_answered(
    frame: pd.DataFrame, template: str, data: st.DataObject
) -> None:
    table = profile("t", frame)
    columns = [quoted(data.draw(st.sampled_from(list(frame.columns)))) for _ in range(3)]
    found = understand(template.format(*columns), [table])
    if isinstance(found, Abstained):
        assert len(found.suggestions) == 3
        return
    value = result(run(found.code, {"t": frame}))
    for reference in REFERENCE.finditer(answer(found.plan, value, "c1")):
        assert_exists(reference[2], value)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(frame=frames())
def test_whatever_is_suggested_can_be_answered(frame: pd.DataFrame) -> None:
    table = profile("t", frame)
    questions = to_begin_with(table, [table])
    assert len(questions) == 4
    for question in questions:
        found = understand(question, [table])
        assert isinstance(found, Planned), question
        run(found.code, {"t": frame})


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=st.text(max_size=60))
def test_no_text_is_too_strange(question: str) -> None:
    found = understand(question, [PROFILES["flats"]])
    assert isinstance(found, (Planned, Abstained))


def test_understanding_is_quick() -> None:
    times = []
    for table, question, _ in UNDERSTOOD:
        begin = time.perf_counter()
        understand(question, [PROFILES[table]])
        times.append(time.perf_counter() - begin)
    assert statistics.median(times) < 0.05, "the aim is 0.01 s; the rest is for a busy machine"
