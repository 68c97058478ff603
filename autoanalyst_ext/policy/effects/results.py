"""What a listed function gives back: something new, or something that its arguments hold."""

from .allowed import NUMPY_VIEWS
from .arguments import Given
from .charts import DRAWING
from .learning import SKLEARN
from .seen import PLAIN, Kind, Seen
from .wordlists import under, word_set

_MAKE_NEW = word_set("""
    math datetime re json time calendar string textwrap decimal fractions io typing warnings
    scipy matplotlib IPython
""")
"""Libraries whose results hold nothing of their arguments."""
_HOLDS = word_set(
    """
    scipy.stats.gaussian_kde scipy.interpolate.CubicSpline scipy.interpolate.UnivariateSpline
    scipy.interpolate.interp1d scipy.optimize.minimize scipy.optimize.root
"""
)
_PLAIN_RESULTS = word_set("""
    builtins.abs builtins.all builtins.any builtins.bool builtins.bytes builtins.chr builtins.float
    builtins.hash builtins.int builtins.isinstance builtins.len builtins.ord builtins.pow builtins.print
    builtins.range builtins.repr builtins.round builtins.str builtins.type
""") | frozenset(path for path in SKLEARN if path.startswith("sklearn.metrics."))
_FITS_ITS_PARTS = word_set("""
    sklearn.pipeline.Pipeline sklearn.pipeline.make_pipeline sklearn.pipeline.FeatureUnion
    sklearn.pipeline.make_union
""")
_KINDS: dict[str, Kind] = {"pandas": "table", "polars": "table", "numpy": "array"}
_COLUMNS = word_set("""
    pandas.Series pandas.Index pandas.Categorical pandas.array pandas.cut pandas.qcut pandas.to_datetime
    pandas.to_numeric pandas.to_timedelta pandas.unique polars.Series
""")
_PARTS = word_set("""
    builtins.max builtins.min builtins.next copy.copy functools.reduce random.choice statistics.median
    statistics.median_high statistics.median_low statistics.mode
""") | under(
    "numpy",
    """
    amax amin fmax fmin max maximum median min minimum nanmax nanmedian nanmin nanprod nansum prod
    random.choice sum take
    """,
)
"""Their result may be something that an argument holds."""
_WRAPS = word_set("""
    pandas.DataFrame pandas.Series pandas.Index pandas.array pandas.Categorical polars.DataFrame
    polars.Series polars.LazyFrame
""")
_EXPRESSIONS_OF_POLARS = word_set("""
    all any_horizontal all_horizontal coalesce col corr count cov duration first format last len lit max
    max_horizontal mean mean_horizontal median min min_horizontal n_unique quantile std struct sum
    sum_horizontal var when concat_str exclude
""")


def of_function(path: str, given: Given) -> Seen:
    """What a call of the listed function at this path gives."""
    library, _, name = path.partition(".")
    if (library in _MAKE_NEW and path not in _HOLDS) or path in _PLAIN_RESULTS:
        return PLAIN
    first = given.first("data") or PLAIN
    if path in DRAWING:
        return PLAIN
    if path in _PARTS or path in _FITS_ITS_PARTS:
        return Seen(own=given.deep, held=given.deep, whose=given.whose)
    if path == "operator.itemgetter":
        return Seen("function", own=True, held=True, path="operator.itemgetter")
    if library == "polars" and name in _EXPRESSIONS_OF_POLARS:
        return Seen("expression", own=True)
    kind: Kind = "data" if path == "pandas.concat" else _KINDS.get(library, "data")
    if path in _COLUMNS:
        kind = "column"
    wraps = path in _WRAPS or path in NUMPY_VIEWS or given.shares
    return Seen(kind, own=first.own or not wraps, held=given.deep, whose=given.whose)
