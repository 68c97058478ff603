"""The chart libraries' safe functions, as data: plotly, matplotlib, seaborn.

What draws is here; what writes a picture to a file, opens a browser or fetches an example dataset is not.
"""

from .wordlists import under

PLOTLY = (
    under(
        "plotly.express",
        """
        area bar bar_polar box choropleth choropleth_map choropleth_mapbox density_contour density_heatmap
        density_map density_mapbox ecdf funnel funnel_area get_trendline_results histogram icicle imshow
        line line_3d line_geo line_map line_mapbox line_polar line_ternary parallel_categories
        parallel_coordinates pie scatter scatter_3d scatter_geo scatter_map scatter_mapbox scatter_matrix
        scatter_polar scatter_ternary strip sunburst timeline treemap violin
    """,
    )
    | under(
        "plotly.graph_objects",
        """
        Bar Barpolar Box Candlestick Choropleth Choroplethmap Contour Densitymap Figure Funnel Funnelarea
        Heatmap Histogram Histogram2d Histogram2dContour Icicle Indicator Layout Mesh3d Ohlc Parcats
        Parcoords Pie Sankey Scatter Scatter3d Scattergeo Scattergl Scattermap Scatterpolar Splom Sunburst
        Surface Table Treemap Violin Volume Waterfall layout.Annotation layout.Shape layout.Title
        layout.XAxis layout.YAxis
    """,
    )
    | under("plotly.subplots", "make_subplots")
    | under(
        "plotly.figure_factory",
        "create_annotated_heatmap create_dendrogram create_distplot create_gantt create_table",
    )
)
PYPLOT = (
    under(
        "matplotlib.pyplot",
        """
        acorr annotate arrow autoscale axes axhline axhspan axis axline axvline axvspan bar bar_label barh
        box boxplot broken_barh cla clf clim close colorbar contour contourf draw ecdf errorbar eventplot
        figlegend figtext figure fill fill_between fill_betweenx gca gcf get_cmap grid hexbin hist hist2d
        hlines imshow legend locator_params loglog margins matshow minorticks_off minorticks_on pcolor
        pcolormesh pie plot polar quiver scatter semilogx semilogy show stackplot stairs stem step subplot
        subplot2grid subplot_mosaic subplots subplots_adjust suptitle table text tick_params
        ticklabel_format tight_layout title twinx twiny violinplot vlines xcorr xlabel xlim xscale xticks
        ylabel ylim yscale yticks style.use style.context cm.Blues cm.Greens cm.Oranges cm.Purples cm.RdBu
        cm.RdYlGn cm.Reds cm.Set1 cm.Set2 cm.Set3 cm.coolwarm cm.inferno cm.magma cm.plasma cm.tab10
        cm.tab20 cm.viridis Figure Axes
    """,
    )
    | under("matplotlib.dates", "AutoDateLocator DateFormatter DayLocator MonthLocator YearLocator date2num")
    | under(
        "matplotlib.ticker",
        """
        AutoMinorLocator FormatStrFormatter FuncFormatter MaxNLocator MultipleLocator PercentFormatter
        ScalarFormatter StrMethodFormatter
    """,
    )
    | under("matplotlib.patches", "Circle Ellipse Patch Polygon Rectangle")
    | under("matplotlib.lines", "Line2D")
    | under("matplotlib.gridspec", "GridSpec")
)
SEABORN = under(
    "seaborn",
    """
    FacetGrid JointGrid PairGrid axes_style barplot blend_palette boxenplot boxplot catplot clustermap
    color_palette countplot cubehelix_palette dark_palette despine displot distplot diverging_palette
    ecdfplot heatmap histplot hls_palette husl_palette jointplot kdeplot light_palette lineplot lmplot
    move_legend pairplot plotting_context pointplot regplot relplot residplot rugplot scatterplot set
    set_context set_palette set_style set_theme stripplot swarmplot violinplot
""",
)
DRAWING = PLOTLY | PYPLOT | SEABORN
"""What they return belongs to the cell, with all it holds."""
STYLE_FILES = frozenset({"matplotlib.pyplot.style.use", "matplotlib.pyplot.style.context"})
"""They take a name, and also a file or an address."""
