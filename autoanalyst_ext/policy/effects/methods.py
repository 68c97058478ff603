"""The methods that safe code may call on a value, and what each does to it, as data.

A value's type is rarely known from the code, so a name is here only if it is harmless on every type that
safe code can get hold of: `replace` is text and table, because no path object can be made. Names are
sorted by what has to be checked, and a name that is in no set is not called.
"""

from .wordlists import word_set

TABLE = word_set("""
    abs add add_prefix add_suffix align all any asfreq asof assign astype at_time autocorr between
    between_time bfill boxplot case_when clip combine_first compare convert_dtypes copy corr corrwith
    count cov cummax cummin cumprod cumsum describe diff div divide dot drop drop_duplicates droplevel
    dropna duplicated eq equals ewm expanding explode factorize ffill fillna filter first
    first_valid_index floordiv ge get get_group groupby gt head hist idxmax idxmin infer_objects info
    interpolate isin isna isnull item items iterrows itertuples join keys kurt kurtosis last
    last_valid_index le lt mask max mean median melt memory_usage merge min mod mode mul multiply ne
    ngroup nlargest notna notnull nsmallest nth nunique ohlc pct_change pivot pivot_table plot pow prod
    product quantile radd rank rdiv reindex reindex_like rename rename_axis reorder_levels repeat replace
    resample reset_index rmul rolling round rpow rsub rtruediv sample searchsorted select_dtypes sem
    set_axis set_index shift size skew sort_index sort_values squeeze stack std sub subtract sum swaplevel
    tail take to_dict to_frame to_list to_numpy to_period to_timestamp tolist transpose truediv truncate
    tz_convert tz_localize unique unstack value_counts values var where xs cumcount difference
    intersection union symmetric_difference get_level_values get_indexer get_loc isocalendar day_name
    month_name total_seconds strftime floor ceil normalize to_pydatetime to_flat_index as_ordered
    as_unordered remove_unused_categories rename_categories set_categories reorder_categories
    add_categories remove_categories
""")
TEXT = word_set("""
    capitalize casefold cat center contains decode encode endswith expandtabs extract extractall find
    findall fullmatch get_dummies index isalnum isalpha isascii isdecimal isdigit islower isnumeric
    isspace istitle isupper join len ljust lower lstrip match pad removeprefix removesuffix rfind rindex
    rjust rpartition rsplit rstrip slice slice_replace split splitlines startswith strip swapcase title
    translate upper wrap zfill group groups groupdict span search sub subn finditer getvalue isoformat
    date time weekday isoweekday timestamp timetuple days_in_month is_integer bit_length as_integer_ratio
    most_common elements copy issubset issuperset isdisjoint
""")
ARRAY = word_set("""
    argmax argmin argsort conj conjugate cumsum diagonal flatten nonzero ravel reshape swapaxes tobytes
    trace integers normal uniform choice permutation random standard_normal poisson exponential binomial
    lognormal multivariate_normal gamma beta rand randn randint
""")
POLARS = word_set("""
    alias all_horizontal cast collect cols columns_to_dict dt_truncate drop_nulls drop_nans fill_null
    fill_nan filter gather group_by group_by_dynamic hstack is_between is_duplicated is_in is_nan
    is_not_nan is_not_null is_null is_unique lazy len lit limit list log log10 n_unique null_count
    otherwise over partition_by rank rename reverse_order row rows select shift slice then to_dicts
    to_dummies to_lowercase to_pandas to_series to_uppercase top_k bottom_k transpose unnest unpivot
    upsample when with_columns with_row_index with_row_count str_to_date strptime to_date to_datetime
    to_integer year month day hour minute weekday week quarter truncate offset_by estimated_size glimpse
    gather_every implode first last exp sqrt
""")
MODEL = word_set("""
    background_gradient highlight_max highlight_min highlight_null hide highlight_between predict
    predict_proba predict_log_proba decision_function transform inverse_transform score score_samples
    get_feature_names_out get_params summary conf_int get_prediction summary_frame get_forecast forecast
    anova_lm cov_params f_test t_test wald_test tukeyhsd get_n_splits evaluate pdf logpdf cdf
    get_influence kneighbors cost_complexity_pruning_path get_depth get_n_leaves get_support aic bic
    get_margeff confidence_interval simulate pvalue integrate_box_1d staged_predict apply_threshold
""")
DRAWS = word_set("""
    annotate arrow axhline axhspan axis axline axvline axvspan bar bar_label barh box boxplot contour
    contourf density errorbar fill fill_between fill_betweenx grid hexbin hist hist2d hlines imshow
    invert_xaxis invert_yaxis legend line loglog margins matshow pcolormesh pie plot plot_joint
    plot_marginals scatter semilogx semilogy spy stackplot stairs stem step suptitle supxlabel supylabel
    table text tick_params ticklabel_format tight_layout twinx twiny violinplot vlines tricontourf kde
    autoscale autofmt_xdate label_outer locator_params map_dataframe map_upper map_lower map_diag
    map_offdiag refline add_legend area plot_diagnostics plot_predict
""")
"""They draw; on a figure or axes they change it, on a table they make a new one."""
FIGURE_CHANGES = word_set(
    """
    add_annotation add_area add_artist add_bar add_barpolar add_box add_candlestick add_choropleth
    add_contour add_funnel add_gridspec add_heatmap add_histogram add_histogram2d add_hline add_hrect
    add_indicator add_line add_ohlc add_patch add_pie add_sankey add_scatter add_scatter3d add_scattergeo
    add_scattergl add_scatterpolar add_shape add_subplot add_sunburst add_surface add_table add_trace
    add_traces add_treemap add_violin add_vline add_vrect add_waterfall append_trace for_each_annotation
    for_each_trace for_each_xaxis for_each_yaxis update_annotations update_coloraxes update_geos
    update_layout update_polars update_shapes update_traces update_xaxes update_yaxes colorbar
    subplots_adjust set set_alpha set_aspect set_axis_labels set_axis_off set_color set_edgecolor
    set_facecolor set_figheight set_figwidth set_fontsize set_label set_linestyle set_linewidth
    set_major_formatter set_major_locator set_minor_formatter set_minor_locator set_position set_rotation
    set_size_inches set_text set_title set_titles set_visible set_xlabel set_xlabels set_xlim set_xscale
    set_xticklabels set_xticks set_ylabel set_ylabels set_ylim set_yscale set_yticklabels set_yticks
    set_zlabel set_ha set_va set_params fit fit_transform fit_predict partial_fit fit_resample
"""
)
CHANGES = (
    word_set("""
        append appendleft clear discard extend extendleft insert insert_column isetitem move_to_end pop
        popitem popleft put remove replace_column reverse rotate setdefault sort update resize setflags
    """)
    | FIGURE_CHANGES
)
"""They change the value they are called on."""
CHANGES_UNLESS_TABLE = frozenset({"add", "subtract", "fill"})
"""`set.add` changes the set, `DataFrame.add` makes a table; on anything but a table they change."""
STORES = word_set("add append appendleft extend extendleft fill insert put setdefault subtract update")
"""They put their arguments into the value."""
CHANGES_ARGUMENT = frozenset({"numpy.random.shuffle", "random.shuffle"})
"""Functions that change their first argument."""
VIEWS = word_set("""
    array conj conjugate diagonal first get_group head items iterrows itertuples keys last lazy ravel
    reshape swapaxes tail to_flat_index to_frame to_numpy to_series transpose values view gca get_legend
    slice elements twinx twiny
""")
"""Their result may share memory with the value."""
GROUPS = word_set("ewm expanding group_by groupby resample rolling")
"""They make groups; what is computed of groups is new."""
PARTS = word_set("choice get item pop popitem popleft row setdefault squeeze xs asof")
"""Their result may be something that the value holds, or an argument."""
PARTS_UNLESS_TABLE = word_set("agg aggregate apply first last max median min nth prod sum")
"""The largest of a column of lists is one of the lists; of a table it is a new column."""
CALLBACKS = word_set("""
    agg aggregate apply applymap combine filter map map_batches map_elements map_groups pipe transform
    for_each_annotation for_each_trace for_each_xaxis for_each_yaxis map_dataframe map_upper map_lower
    map_diag map_offdiag plot_joint plot_marginals
""")
"""They call what they are given."""
BY_NAME = frozenset({"agg", "aggregate", "apply", "transform"})
"""They also take the name of a method as text, and call it."""
REDUCERS = word_set("""
    all any bfill count cumcount cummax cummin cumprod cumsum describe diff ffill first idxmax idxmin kurt
    last max mean median min mode ngroup nunique pct_change prod quantile rank sem shift size skew std sum
    unique value_counts var abs round sqrt len isna notna lower upper int float str
""")
"""Names that `BY_NAME` may get as text."""
REDUCES = word_set("""
    all any argmax argmin corr count cov describe idxmax idxmin kurt len mean median min_count nunique
    prod quantile round sem size skew std value_counts var predict score strftime total_seconds
""")
"""Their results hold nothing of the value they come from."""
AS_TEXT = word_set("to_csv to_string to_json to_html to_markdown to_latex")
"""Without a file they return text; with one they write it."""
POSITIONAL = dict.fromkeys(
    word_set("""
        sum mean median max min std var prod cumsum cumprod all any argmax argmin round dot trace diagonal
        conj cummax cummin
    """),
    1,
) | {"astype": 1, "clip": 2, "copy": 0, "repeat": 2, "take": 2}
"""How many arguments by position; the next one is an array that would be written, or `copy`."""
ATTRIBUTES_THAT_ARE_THE_VALUE = word_set("T at cat dt iat iloc loc mT str list arr struct real imag plot")
"""Reading them gives a view of the value."""
ARRAYS = frozenset({"array", "flat", "to_numpy", "values"})
"""Attributes and methods that give the array behind it."""

SAFE = (
    TABLE
    | TEXT
    | ARRAY
    | POLARS
    | MODEL
    | DRAWS
    | VIEWS
    | PARTS
    | CHANGES
    | CHANGES_UNLESS_TABLE
    | CALLBACKS
    | AS_TEXT
)
GUARDED = CALLBACKS | CHANGES | CHANGES_UNLESS_TABLE | AS_TEXT | frozenset({"query", "format", "show"})
"""Only to be called, never handed over: their arguments have to be seen."""

DRAWS_ON = frozenset({"ax", "axes", "fig", "figure", "out"})
"""Keywords that name a value to be changed."""
IN_PLACE = frozenset({"inplace", "in_place"})
SHARES_UNLESS_TRUE = frozenset({"copy", "copy_X", "copy_x", "deep"})

NOT_COLUMNS = word_set("""
    batch_animate batch_update byteswap canvas close connect dump dumps eval exec execute executemany
    from_arrow from_csv from_dict from_file from_records full_figure_for_development get_figure isatty
    load load_pickle open pickle print_figure print_grid print_jpg print_pdf print_png print_raw print_svg
    query read readline readlines register run save savefig send serialize set_flags setfield
    sink_batches sink_csv
    sink_delta sink_iceberg sink_ipc sink_ndjson sink_parquet sql to_clipboard to_delta to_device to_excel
    to_feather to_file to_gbq to_hdf to_iceberg to_image to_init_repr to_orc to_parquet to_pickle
    to_plotly_json to_records to_sql to_stata to_torch to_xarray to_xml tofile unlink write write_avro
    write_clipboard write_csv write_database write_delta write_excel write_html write_iceberg write_image
    write_ipc write_ipc_stream write_json write_ndjson write_parquet writelines deserialize remove_data
    add_callback add_axobserver format_map map_rows pipe_with_schema collect_async collect_batches remote
    ginput waitforbuttonpress dump_svmlight_file mro tb_frame gi_frame gi_code f_globals f_locals
    f_builtins f_back cr_frame func_globals
""")
"""Methods and doors of known libraries that are not safe: read as an attribute they are not a column.
The frames at the end lead from a traceback or generator to everything."""

TABLE_TYPES = word_set("DataFrame LazyFrame DataFrameGroupBy SeriesGroupBy GroupBy DynamicGroupBy")
COLUMN_TYPES = word_set(
    "Series Index RangeIndex MultiIndex DatetimeIndex CategoricalIndex PeriodIndex TimedeltaIndex"
)
ARRAY_TYPES = frozenset({"ndarray", "MaskedArray", "matrix"})
PLAIN_TYPES = word_set("""
    int float complex str bool bytes NoneType Timestamp Timedelta datetime date time timedelta Decimal
    Fraction int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 bool_ str_
    datetime64 timedelta64 range NAType NaTType Period Interval CategoricalDtype dtype frozenset
""")
"""They cannot be changed."""
DATA_TYPES = word_set("""
    list dict tuple set OrderedDict defaultdict Counter deque Categorical Figure FigureWidget Axes
    AxesSubplot FacetGrid PairGrid JointGrid Rolling Expanding Resampler DatetimeIndexResampler
    RegressionResultsWrapper BinaryResultsWrapper GLMResultsWrapper OLS Bunch Generator RandomState
    TtestResult PearsonRResult LinregressResult AnovaResults dict_keys dict_values dict_items Expr
""")
"""They hold data and can be changed."""
