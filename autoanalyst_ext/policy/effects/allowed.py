"""The functions, modules and values that safe code may use, by library, as data.

Leaves are listed, never whole libraries: a library's namespace leads everywhere
(`pandas.io.common.os.system` is one attribute away from `pandas.DataFrame`). A name is here because
it computes, draws or reads what it is given and cannot, with the argument rules of `calls.py`, write a
file, open a connection or run text as code. Methods of values are in `methods.py`.
"""

from .wordlists import under, word_set

ALIASES = {
    "pd": "pandas",
    "np": "numpy",
    "px": "plotly.express",
    "go": "plotly.graph_objects",
    "ff": "plotly.figure_factory",
    "plt": "matplotlib.pyplot",
    "mpl": "matplotlib",
    "mdates": "matplotlib.dates",
    "mticker": "matplotlib.ticker",
    "sns": "seaborn",
    "pl": "polars",
    "sp": "scipy",
    "stats": "scipy.stats",
    "sm": "statsmodels.api",
    "smf": "statsmodels.formula.api",
    "dt": "datetime",
}
"""Names by which notebooks know a module. A module of the notebook is recognised by its name, because its
variables come with the name of their type only; so the code of a run may not give another module one of
these names."""

BUILTINS = under(
    "builtins",
    """
    abs all any bin bool bytes callable chr complex dict display divmod enumerate filter float frozenset
    hash hex int isinstance issubclass iter len list map max min next oct ord pow print range repr
    reversed round set slice sorted str sum tuple type zip dict.fromkeys str.capitalize str.casefold
    str.endswith str.isalpha str.isdigit str.join str.len str.lower str.lstrip str.replace str.rstrip
    str.split str.startswith str.strip str.title str.upper str.zfill Exception ArithmeticError
    AssertionError AttributeError FileNotFoundError ImportError IndexError KeyError LookupError NameError
    NotImplementedError OSError OverflowError RuntimeError StopIteration TypeError UnicodeDecodeError
    UserWarning DeprecationWarning FutureWarning RuntimeWarning Warning ValueError ZeroDivisionError
""",
)
STANDARD = (
    under(
        "math",
        """
        ceil comb copysign cos degrees dist e erf exp fabs factorial floor fmod fsum gamma gcd hypot inf
        isclose isfinite isinf isnan isqrt lcm log log10 log1p log2 nan perm pi pow prod radians sin sqrt
        tan tanh tau trunc acos asin atan atan2 cosh sinh expm1
    """,
    )
    | under(
        "statistics",
        """
        correlation covariance fmean geometric_mean harmonic_mean linear_regression mean median
        median_high median_low mode multimode pstdev pvariance quantiles stdev variance NormalDist
    """,
    )
    | under(
        "datetime",
        """
        date datetime time timedelta timezone timezone.utc UTC date.today date.fromisoformat datetime.now
        datetime.today datetime.utcnow datetime.strptime datetime.fromisoformat datetime.fromtimestamp
        datetime.combine datetime.min datetime.max
    """,
    )
    | under("collections", "Counter OrderedDict defaultdict deque")
    | under(
        "itertools",
        """
        accumulate chain chain.from_iterable combinations combinations_with_replacement count cycle
        groupby islice pairwise permutations product repeat starmap takewhile dropwhile zip_longest
    """,
    )
    | under("functools", "reduce")
    | under("operator", "itemgetter add sub mul truediv lt le gt ge eq ne and_ or_")
    | under(
        "re",
        """
        I IGNORECASE M MULTILINE S DOTALL compile escape findall finditer fullmatch match search split sub
        subn
    """,
    )
    | under(
        "random", "choice choices gauss normalvariate randint random randrange sample seed shuffle uniform"
    )
    | under("json", "dumps loads")
    | under("time", "perf_counter time monotonic")
    | under("calendar", "day_abbr day_name month_abbr month_name monthrange isleap")
    | under("string", "ascii_letters ascii_lowercase ascii_uppercase digits punctuation")
    | under("textwrap", "dedent fill indent shorten wrap")
    | under("io", "StringIO")
    | under("copy", "copy deepcopy")
    | under("decimal", "Decimal")
    | under("fractions", "Fraction")
    | under("pprint", "pprint pformat")
    | under("warnings", "catch_warnings filterwarnings simplefilter warn")
    | under("typing", "Any Callable Dict Iterable List Literal Optional Sequence Tuple Union")
    | under("IPython.display", "display")
)
PANDAS = (
    under(
        "pandas",
        """
        Categorical CategoricalDtype CategoricalIndex DataFrame DateOffset DatetimeIndex Float64Dtype
        Grouper Index IndexSlice Int32Dtype Int64Dtype Interval IntervalIndex MultiIndex NA NaT NamedAgg
        Period PeriodIndex RangeIndex Series StringDtype Timedelta TimedeltaIndex Timestamp array
        bdate_range concat crosstab cut date_range factorize from_dummies get_dummies infer_freq
        interval_range isna isnull json_normalize melt merge merge_asof merge_ordered notna notnull
        option_context period_range pivot pivot_table qcut timedelta_range to_datetime to_numeric
        to_timedelta unique wide_to_long __version__ DataFrame.from_dict DataFrame.from_records
        MultiIndex.from_arrays MultiIndex.from_product MultiIndex.from_tuples Timestamp.now
        Timestamp.today Series.mean Series.median Series.mode Series.nunique Series.sum
    """,
    )
    | under("pandas.plotting", "autocorrelation_plot lag_plot parallel_coordinates scatter_matrix")
    | under(
        "pandas.api.types",
        """
        is_bool_dtype is_datetime64_any_dtype is_float_dtype is_integer_dtype is_numeric_dtype
        is_object_dtype is_string_dtype
    """,
    )
    | under("pandas.tseries.offsets", "BDay Day Hour MonthBegin MonthEnd QuarterEnd Week YearEnd")
    | under("pandas.offsets", "BDay Day Hour MonthBegin MonthEnd QuarterEnd Week YearEnd")
)
POLARS = under(
    "polars",
    """
    Boolean Categorical DataFrame Date Datetime Float32 Float64 Int32 Int64 Int8 LazyFrame Series String
    UInt32 Utf8 all any_horizontal all_horizontal arange coalesce col concat corr count cov date
    date_range datetime duration first format int_range len last lit max max_horizontal mean
    mean_horizontal median min min_horizontal n_unique quantile std struct sum sum_horizontal var when
    concat_str exclude __version__
""",
)
NUMPY_UNARY = under(
    "numpy",
    """
    abs absolute arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil cos cosh deg2rad degrees exp exp2
    expm1 fabs floor invert isfinite isinf isnan log log10 log1p log2 logical_not negative rad2deg radians
    reciprocal rint sign sin sinh sqrt square tan tanh trunc nan_to_num
""",
)
NUMPY_PAIRS = under(
    "numpy",
    """
    add all amax amin any arctan2 argmax argmin around bitwise_and bitwise_or concatenate cumprod cumsum
    divide dot equal floor_divide fmax fmin greater greater_equal hypot less less_equal logaddexp
    logical_and logical_or logical_xor matmul max maximum mean median min minimum mod multiply nanargmax
    nanargmin nancumsum nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar not_equal outer power
    prod ptp remainder round stack std subtract sum true_divide var
""",
)
NUMPY_TRIPLES = under("numpy", "clip nanpercentile nanquantile percentile quantile take")
NUMPY_VIEWS = under(
    "numpy",
    """
    asarray ascontiguousarray atleast_1d atleast_2d broadcast_to diagonal expand_dims flip moveaxis diag
    float32 float64 int32 int64 ravel real reshape rollaxis rot90 squeeze split array_split swapaxes
    transpose
""",
)
NUMPY = (
    NUMPY_UNARY
    | NUMPY_PAIRS
    | NUMPY_TRIPLES
    | NUMPY_VIEWS
    | under(
        "numpy",
        """
        allclose append apply_along_axis arange array argsort argwhere array_equal average bincount bool_
        column_stack convolve copy corrcoef correlate count_nonzero cov cross datetime64 diag diff
        digitize dtype e ediff1d einsum empty empty_like errstate euler_gamma extract eye finfo
        flatnonzero float32 float64 full full_like geomspace gradient histogram histogram2d
        histogram_bin_edges hstack identity inf inner int32 int64 int8 integer interp intersect1d isclose
        isin isreal isscalar kron lexsort linspace logspace meshgrid nan ndarray ndim newaxis nonzero
        number floating bool object_ str_ generic ones ones_like pad pi piecewise polyfit polyval poly1d
        repeat roll roots rot90 searchsorted select setdiff1d shape size sort tile timedelta64 trapezoid
        tri tril tril_indices triu triu_indices uint8 union1d unique unwrap vander vstack where zeros
        zeros_like __version__
    """,
    )
    | under("numpy.linalg", "cond det eig eigh eigvals inv lstsq matrix_rank norm pinv qr solve svd")
    | under("numpy.fft", "fft fftfreq fftshift ifft rfft rfftfreq")
    | under(
        "numpy.random",
        """
        beta binomial choice default_rng exponential gamma lognormal multivariate_normal normal
        permutation poisson rand randint randn random RandomState seed shuffle standard_normal uniform
    """,
    )
)
_SCIPY_TESTS = """
    anderson anderson_ksamp ansari bartlett barnard_exact binned_statistic binomtest bootstrap boxcox
    boxcox_normmax brunnermunzel chi2_contingency chisquare combine_pvalues cramervonmises cumfreq
    describe entropy f_oneway fisher_exact fligner friedmanchisquare gaussian_kde gmean hmean iqr
    jarque_bera kendalltau kruskal ks_1samp ks_2samp kstest kurtosis kurtosistest levene linregress
    mannwhitneyu median_abs_deviation median_test mode moment mood normaltest pearsonr percentileofscore
    permutation_test pointbiserialr power_divergence probplot quantile rankdata ranksums scoreatpercentile
    sem shapiro siegelslopes sigmaclip skew skewtest somersd spearmanr theilslopes tmean trim_mean
    trimboth tsem tstd ttest_1samp ttest_ind ttest_ind_from_stats ttest_rel tukey_hsd tvar variation
    wasserstein_distance weightedtau wilcoxon yeojohnson zmap zscore
"""
_SCIPY_LAWS = """
    bernoulli beta binom cauchy chi2 expon exponweib f gamma genextreme geom gumbel_r hypergeom laplace
    logistic lognorm multivariate_normal nbinom norm pareto poisson powerlaw randint rayleigh skewnorm t
    triang truncnorm uniform weibull_min
"""
_SCIPY_LAW_LEAVES = word_set(
    "cdf expect fit interval isf logcdf logpdf mean median pdf pmf ppf rvs sf stats std var"
)
SCIPY = (
    under("scipy.stats", _SCIPY_TESTS)
    | under("scipy.stats", _SCIPY_LAWS)
    | frozenset(f"scipy.stats.{law}.{leaf}" for law in _SCIPY_LAWS.split() for leaf in _SCIPY_LAW_LEAVES)
    | under("scipy.stats.contingency", "association crosstab odds_ratio relative_risk expected_freq")
    | under("scipy.optimize", "brentq curve_fit least_squares linprog minimize minimize_scalar root")
    | under("scipy.cluster.hierarchy", "cophenet dendrogram fcluster linkage")
    | under("scipy.cluster.vq", "kmeans vq whiten")
    | under("scipy.spatial.distance", "cdist cosine euclidean mahalanobis pdist squareform")
    | under("scipy.interpolate", "CubicSpline UnivariateSpline interp1d")
    | under("scipy.signal", "detrend find_peaks medfilt periodogram savgol_filter welch")
    | under("scipy.special", "comb erf expit factorial gamma gammaln logit logsumexp softmax")
    | under("scipy.integrate", "cumulative_trapezoid quad simpson trapezoid")
)
STATSMODELS = (
    under(
        "statsmodels.api",
        """
        GLM GLS Logit MNLogit MixedLM NegativeBinomial OLS Poisson Probit QuantReg RLM WLS add_constant
        qqplot qqline families.Binomial families.Gamma families.Gaussian families.NegativeBinomial
        families.Poisson stats.anova_lm tsa.ARIMA tsa.SARIMAX tsa.acf tsa.adfuller tsa.pacf
        tsa.seasonal_decompose nonparametric.lowess graphics.plot_acf graphics.tsa.plot_acf
        graphics.tsa.plot_pacf
    """,
    )
    | under("statsmodels.formula.api", "glm gls logit mixedlm mnlogit ols poisson probit quantreg rlm wls")
    | under("statsmodels.stats.anova", "AnovaRM anova_lm")
    | under("statsmodels.stats.multicomp", "MultiComparison pairwise_tukeyhsd")
    | under("statsmodels.stats.multitest", "fdrcorrection multipletests")
    | under("statsmodels.stats.proportion", "proportion_confint proportions_ztest")
    | under("statsmodels.stats.weightstats", "DescrStatsW ttest_ind ztest")
    | under("statsmodels.stats.power", "TTestIndPower TTestPower NormalIndPower tt_ind_solve_power")
    | under("statsmodels.stats.diagnostic", "acorr_ljungbox het_breuschpagan het_white lilliefors")
    | under("statsmodels.stats.stattools", "durbin_watson jarque_bera")
    | under("statsmodels.stats.outliers_influence", "variance_inflation_factor OLSInfluence")
    | under("statsmodels.tsa.stattools", "acf adfuller ccf coint grangercausalitytests kpss pacf")
    | under("statsmodels.tsa.seasonal", "STL seasonal_decompose")
    | under("statsmodels.tsa.arima.model", "ARIMA")
    | under("statsmodels.tsa.statespace.sarimax", "SARIMAX")
    | under("statsmodels.tsa.holtwinters", "ExponentialSmoothing Holt SimpleExpSmoothing")
    | under("statsmodels.graphics.tsaplots", "plot_acf plot_pacf")
    | under("statsmodels.graphics.gofplots", "qqplot")
    | under("statsmodels.nonparametric.smoothers_lowess", "lowess")
)
