"""What each operative word of a task must leave in its plan, and what in a task's text says nothing.

Pairs of patterns: of a word in the text, and of its trace in the plan as JSON.
"""

TRACES: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:remov\w+|delet\w+|discard\w*|eliminat\w+)\b(?! any data)",
        r'"drop_|"outliers"|"keep_rows"|"one_hot"',
    ),
    (r"\bnormali[sz](?:e|ed|ing|ation)\b", r'"scale"'),
    (r"\bstandardi[sz](?:e|ed|ing)\b", r'"scale"'),
    (r"\blog(?:arithm\w*|10|2)?\b(?! odds)", r'"mathematical"'),
    (r"\bencod\w+", r'"encode"|"model"'),
    (r"\b(?:imput\w+|fill(?:ed|ing)?)\b", r'"fill_missing"'),
    (r"\bduplicates?\b(?! any)", r'"drop_duplicates"|"duplicates"'),
    (r"\b(?:predict(?!ions?\b)\w*|train(?:ed|ing)?|classif(?!y a)\w+)\b", r'"model"|"regression"'),
    (r"\bcluster\w*\b", r'"clusters"'),
    (r"\boutliers?\b", r'"outliers"|"drop_outliers"'),
    (r"\bskewness\b", r'"skew"'),
    (r"\bkurtosis\b", r'"kurtosis"'),
    (r"\bt-test\b", r'"two_samples"|"one_sample"'),
    (r"\bmann[\s-]*whitney\b", r'"mann_whitney"'),
    (r"\banova\b", r'"groups_test"'),
    (r"\bchi[\s-]square", r'"chi_square"'),
    (r"\bshapiro\b", r'"shapiro"'),
    (r"\bweekdays?\b|\bweekends?\b", r'"weekend"|"weekday"'),
    (r"\bunique\b|\bdistinct\b", r'"distinct"|"keep_groups"|"by":\[\{|"compare"'),
    (
        r"\b(?:weighted|rolling|moving average|cumulative|resampl\w+|merg\w+|join(?:ed|ing)?)\b",
        r'"moving"|"resample"|"join"',
    ),
    (r"\b(?:percentage change|growth rate|year-over-year|previous day)\b", r'"moving"|"percent_change"'),
    (r"\bspearman\b", r'"spearman"'),
    (r"\bkendall\b", r'"kendall"'),
    (
        r"\b(?:above|below)\s+(?:the\s+|its\s+|their\s+)?(?:overall\s+)?(?:median|average|mean)\b",
        r'"compare_measure"',
    ),
    (r"\b(?:at least|at most|more than twice)\b(?! one)", r'"compare|"keep_groups"'),
    (r"\bcrosstab|\bpivot\b", r'"crosstab"'),
    (r"\breplac\w+\b", r'"fill_missing"|"mapped"|"one_hot"'),
    (r"\btransform(?:ing|ed|ation)?\b(?! to\b.*\bnumeric)", r'"scale"|"encode"|"derive"|"parse_number"'),
    (r"\bconvert\w*", r'"parse_number"|"parse_date"|"encode"|"derive"'),
    (
        r"\b(?:creat|construct|generat|engineer)\w*\s+(?:a|an|one|two|new|the)\b(?! \w* ?(?:machine|"
        r"model|linear|logistic|random))",
        r'"derive"|"group"',
    ),
    (r"\bsquare[\s-]root\b(?! of the)|\bexponential\b|\bcube\b", r'"sqrt"|"exp"|"rmse"'),
    (r"\bwinsori[sz]\w*|\bclip\w*|\bcap(?:ped|ping)?\b|\btrim\w*", r'"percentiles"'),
    (r"\b(?:round|rounded|rounding)\s+(?:down|up)\b(?! to)", r'"floor"'),
    (r"\b(?:half|quarter|first third)\b(?! of the (?:iqr|interquartile))", r'"quarter"'),
    (
        r"\bin (?:percent|per ?cent|thousands|millions|%)\b|\bas a percentage\b",
        r'"percent":true|"kind":"share"|"share":true',
    ),
    (r"\bleave\b[^.\n]*\bout\b|\bskip\w*\b", r'"drop_|"compare|"one_of|"not"'),
    (r"\btreat\w*\b", r'"fill_missing"|"mapped"'),
    (r"\b(?:exclud\w+)\b(?![^.\n]*\b(?:missing|null|nan)\b)", r'"drop_|"compare|"one_of|"not"'),
    (
        r"\b(?:largest|smallest|top|bottom)\s+(?:\d+|two|three|five|ten)\b|\b(?:ten|five|"
        r"three)\s+(?:largest|smallest|highest|lowest)\b",
        r'"top_rows"',
    ),
    (
        r"\bonly\b(?! (?:the )?(?:null|nan|missing|numpy|use|non|numeric|values|data points|in the "
        r"case))",
        r'"compare|"one_of|"drop_|"missing|"between"',
    ),
    (r"\b(?:sort\w*|order(?:ed)?\s+by)\b", r'"sort"|"order":"(?:asc|desc|alpha)'),
    (r"\bnegative values?\b", r'"compare"'),
    (r"\b(?:except|unless|apart from|other than)\b", r'"not"|"!="|"compare"'),
    (r"\bsampl(?:e|ing) \d|\brandom(?:ly)? sampl", r'"sample"'),
    (r"\bjoint?ly\b|\bgeometric\b|\bharmonic\b|\bcubed\b|\bsquared? (?:the|each|every)\b", r'"square"'),
    (r"\b(?:previous|preceding|lagged?)\b", r'"moving"'),
    (r"\b(?:starts?|begin\w*|ends?) with\b", r'"contains"'),
    (r"\b(?:per capita|ratio)\b(?=.*new)", r'"derive"|"arithmetic"'),
)  # fmt: skip
HARMLESS = "|".join(
    (
        r"(?:do not|don't) (?:perform|use|include|apply|remove|balance)[^.\n]*",
        r"no (?:further|other)[^.\n]*",
        r"(?:without|not) (?:any )?further[^.\n]*",
        r"do not consider missing values[^.\n]*",
        r"ignore any missing values or outliers[^.\n]*",
        r"(?:note that|interpret|it means that|to avoid)[^.\n]*",
        r"normally distributed|normalit\w+",
        r"(?:for|across|of) (?:all|every)\b[^.?\n]*\bin the (?:dataset|data|table)",
        r"metric only|can be skipped",
        r"treat (?:the )?null values as missing(?: values)?",
        r"(?:consider|use) only [^.\n]*\b(?:recorded|available|non-null|known)\b[^.\n]*",
    )
)
"""Phrases that change nothing, whatever words they have."""
IDLE_NUMBERS = "|".join(
    (
        r"@\w+\[[^\]]*\]",
        r"^\s*\d+\.\s",  # the number of a sentence
        r"\(\d+ ?%\)|\b\d\d? ?%|\d\d\s*:\s*\d\d",  # shares of a split and levels, read by themselves
        r"\b(?:0|-1) and 1\b|\b0(?:\.0)? to 1(?:\.0)?\b|\[0, ?1\]|\(0 and 1\)|close to [01]",
        r"between 0 and \d+|starting from 0|24[\s-]hour",
        r"\b\w+ decimals?\b",
        r"base[\s-]*\(?(?:10|2)|log(?:10|2)|\bq[13]\b|n - 1|i = 1|\^2",  # in formulas
        r"random[_\s](?:state|seed)\D{0,40}\d+",
        r"\(\d = \w+, \d = \w+\)",  # what the two values of a column mean
        r"(?:alpha|significance)[^.\d\n]{0,40}0?\.\d+|\.\d+\s+(?:as\s+the\s+)?\(?(?:alpha|significance)",
        r"p[\s-]?values?\b[^.\n]{0,40}0?\.\d+",
    )
)
"""Numbers that say how an answer is written, or that all plans of their kind have."""
