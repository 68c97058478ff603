"""The words for the parts of a plan: several ways to say each, as different people do.

`speaker` puts them together; {0} and {1} are names of columns, numbers or values.
"""

MEASURED = {
    "mean": ("average {0}", "mean {0}", "mean of {0}", "avg {0}", "average of the {0}"),
    "median": ("median {0}", "median of {0}", "median of the {0}"),
    "sum": ("total {0}", "sum of {0}", "sum of the {0}"),
    "min": ("minimum {0}", "lowest {0}", "smallest {0}", "min of {0}"),
    "max": ("maximum {0}", "highest {0}", "max {0}", "largest {0}"),
    "std": ("standard deviation of {0}", "std of {0}", "standard deviation of the {0}"),
    "var": ("variance of {0}", "variance of the {0}"),
    "skew": ("skewness of {0}", "skewness of the {0}"),
    "kurtosis": ("kurtosis of {0}", "kurtosis of the {0}"),
    "iqr": ("interquartile range of {0}", "iqr of {0}"),
    "quantile": ("{1}th percentile of {0}", "{1}th percentile of the {0}"),
}
COMPARED = {
    ">": ("{0} over {1}", "{0} above {1}", "{0} > {1}", "{0} greater than {1}", "{0} more than {1}"),
    ">=": ("{0} of at least {1}", "{0} >= {1}", "{0} at least {1}"),
    "<": ("{0} under {1}", "{0} below {1}", "{0} < {1}", "{0} less than {1}"),
    "<=": ("{0} of at most {1}", "{0} <= {1}", "{0} at most {1}"),
    "==": ("{0} is {1}", "{0} = {1}", "{0} {1}"),
    "!=": ("{0} is not {1}", "{0} != {1}"),
}
WORDS = {2: "two", 3: "three", 5: "five", 10: "ten"}
PLURALS = {"country": "countries", "city": "cities", "species": "species"}
POLITE = ("{0}", "{0}", "please {0}", "{0} please", "show me the {0}", "what is the {0}")
"""The first four fit any question."""
WHERE = (" where {0}", " for {1} with {0}", " of {1} with {0}", " for {1} where {0}")
PLACED = (" in {0}", " for {1} in {0}", " where {2} is {0}")
ROWS = ("{1} with {0}", "{1} where {0}", "{1} that have {0}")
BY = (" by {0}", " per {0}", " for each {0}", " grouped by {0}")
TOP_ROW = ("{0} with the {1} {2}", "which {0} has the {1} {2}")
TOP_ROWS = {
    True: ("{3} {0} with the {1} {2}", "top {3} {0} by {2}"),
    False: ("{3} {0} with the {1} {2}", "bottom {3} {0} by {2}"),
}
BETWEEN = ("{0} between {1} and {2}", "{0} from {1} to {2}")
ONE_OF = ("{0} is {1} or {2}", "{0} {1} or {2}")
MOST = {True: ("highest", "largest"), False: ("lowest", "smallest")}
BEST_GROUP = ("which {0} has the {1} {2}", "{0} with the {1} {2}", "what {0} has the {1} {2}")
BEST_GROUPS = ("{3} {0} with the {1} {2}", "top {3} {0} by {2}")
COUNTED = ("number of {0}", "how many {0}", "count of {0}", "{0}, how many")
"""The first three also with groups."""
ENDS = ("{0} {1} rows", "show the {0} {1} rows", "{0} {1} {2}")
OCCURRING = {
    True: ("value counts of {0}", "how often does each {0} occur", "frequency of each {0}"),
    False: ("most common {0}", "most frequent {0}", "what is the most common {0}"),
}
DISTINCT = {
    True: ("how many different {0} are there", "number of unique {0}", "number of distinct {0}"),
    False: ("list the different {0}", "unique {0}", "distinct {0}", "which {0} are there"),
}
SHARE = ("share of {0} with {1}", "what percentage of {0} have {1}", "percentage of {0} with {1}")
CORRELATED = {
    "pearson": (
        "correlation between {0} and {1}",
        "correlation of {0} with {1}",
        "correlation of {0} and {1}",
    ),
    "spearman": ("spearman correlation of {0} and {1}", "spearman correlation between {0} and {1}"),
}
MISSING = {
    "affected": ("which columns have missing values", "columns with missing values"),
    "columns": ("missing values per column", "number of missing values in each column"),
    "one": ("how many missing values in {0}", "number of missing {0} values", "how many {0} are missing"),
}
SIZE = {
    "both": ("how many rows and columns are there", "how many rows and columns"),
    "names": ("which columns are there", "names of the columns"),
}
SCATTER = ("scatter plot of {1} against {0}", "scatter plot of {1} vs {0}", "scatterplot of {1} versus {0}")
PARTS = {"year_month": "month", "year": "year", "day_name": "weekday"}
MONTHS = {7: "July", 10: "October"}
"""Of the numbers that plans use."""
TESTED = {
    "anova": ("anova of {0} by {1}", "one-way anova of {0} between {1}"),
    "kruskal": ("kruskal wallis test of {0} by {1}", "kruskal-wallis of {0} by {1}"),
    "t": ("t test of {0} by {1}", "t-test of {0} by {1}"),
    "mann_whitney": ("mann whitney test of {0} by {1}", "mann-whitney u test of {0} by {1}"),
    "chi_square": ("chi square test of {0} and {1}", "chi-square test of independence of {0} and {1}"),
    "normality": ("is {0} normally distributed", "shapiro test of {0}", "test {0} for normality"),
}
HISTOGRAM = ("histogram of {0}", "plot a histogram of {0}")
BOXES = ("box plot of {0}", "boxplot of {0}")
BARS = ("bar chart of {0}", "bar chart of the {0}", "plot a bar chart of {0}")
