"""What each operative word of a task must leave in its plan.

Pairs of patterns: of a word in the text, and of its trace in the plan as JSON.
"""

CHOOSES = r'"compare|"one_of"|"between"|"contains"|"during"|"keep_rows"'
LEAVES_OUT = rf'"drop_|"missing"|"keep_groups"|"!="|"not"|{CHOOSES}'

TRACES: tuple[tuple[str, str], ...] = (
    # rows and values
    (
        r"\b(?:remov\w+|drop(?:s|ped|ping)?|delet\w+|discard\w*|eliminat\w+)\b(?! any data)",
        r'"drop_|"outliers"|"keep_rows"|"one_hot"|"!="',
    ),
    (r"\b(?:ignor|omit|exclud|disregard)\w*", rf'"parse_number"|{LEAVES_OUT}'),
    (r"\bleave\b[^.\n]*\bout\b|\bskip\w*\b", LEAVES_OUT),
    (r"\bfilter\w*|\brestrict\w*|\bretain\w*", LEAVES_OUT),
    (r"\bclean(?:s|ed)?\b", rf'"fill_missing"|"parse_|{LEAVES_OUT}'),
    (r"\bpunctuation\b", r'"parse_number"'),
    (r"\b(?:imput\w+|fill(?:ed|ing)?)\b", r'"fill_missing"'),
    (r"\bduplicates?\b(?! any)", r'"drop_duplicates"|"duplicates"'),
    (r"\bnegative values?\b", r'"compare"'),
    (r"\b(?:except|unless|apart from|other than)\b", r'"not"|"!="|"compare"'),
    (
        r"\bonly\b(?! (?:the )?(?:use|in the case))",
        rf'{LEAVES_OUT}|"outliers"|"missing_values"|"lossy":true',
    ),
    (r"\b(?:at least|at most|more than twice)\b(?! one)", r'"compare|"keep_groups"'),
    (
        r"\b(?:above|below)\s+(?:the\s+|its\s+|their\s+)?(?:overall\s+)?(?:median|average|mean)\b",
        r'"compare_measure"',
    ),
    (
        r"\b(?:largest|smallest|top|bottom)\s+(?:\d+|two|three|five|ten)\b|\b(?:ten|five|"
        r"three)\s+(?:largest|smallest|highest|lowest)\b",
        r'"top_rows"',
    ),
    (r"\b(?:half|quarter|first third)\b(?! of the (?:iqr|interquartile))", r'"quarter"'),
    (r"\b(?:starts?|begin\w*|ends?) with\b", r'"contains"'),
    (r"\bsampl(?:e|ing) \d|\brandom(?:ly)? sampl", r'"sample"'),
    (r"\bshuffl\w*|\bstratif\w*|\bbootstrap\w*", r'"sample"'),
    (
        r"\b(?:wom[ae]n|m[ae]n|(?:fe)?males?|adults?|child(?:ren)?|boys?|girls?|toddlers?|seniors?|teenagers?)\b",
        rf'{CHOOSES}|"by":\[\{{|"binned"',
    ),
    (r"\b(?:neither|nor)\b", r'"neither"'),
    (r"\boutside\b(?! (?:of )?(?:\d|the (?:whiskers|fences|range|bounds)))", r'"!="|"not"'),
    (
        r"\b(?:each|per|every)\s+(?:day|week|month|quarter|year|hour|weekday)s?\b",
        rf'"by":\[\{{|"date_part"|"resample"|{CHOOSES}',
    ),
    (
        r"\b(?:hourly|daily|weekly|monthly|quarterly|yearly|annual(?:ly|i[sz]ed)?)\b",
        r'"date_part"|"resample"|"operator":"/"',
    ),
    (
        r"\bper\s(?:\w+\s)?(?:minute|hour|day|unit|item|head|person|mile|k[mg]|met(?:re|er)|foot|\d+)s?\b",
        r'"operator":"/"',
    ),
    (r"\bper\b(?!\s?(?:cent|capita))", rf'"by":\[\{{|"operator":"/"|{CHOOSES}|"binned"|"function":"mean"'),
    # values made anew
    (r"\bnormali[sz](?:e|ed|ing|ation)\b", r'"scale"'),
    (r"\bstandardi[sz](?:e|ed|ing)\b", r'"scale"'),
    (r"\b(?:re)?scal(?:e|ed|ing)\b", r'"scale"|"mathematical"'),
    (r"\blog(?:arithm\w*|10|2)?\b(?! odds)", r'"mathematical"'),
    (r"\bencod\w+", r'"encode"|"model"'),
    (r"\breplac\w+\b", r'"fill_missing"|"mapped"|"one_hot"'),
    (r"\btransform(?:ing|ed|ation)?\b(?! to\b.*\bnumeric)", r'"scale"|"encode"|"derive"|"parse_number"'),
    (r"\bconvert\w*", r'"parse_number"|"parse_date"|"encode"|"derive"'),
    (
        r"\b(?:creat|construct|generat|engineer)\w*\s+(?:a|an|one|two|new|the)\b(?! \w* ?(?:machine|"
        r"model|linear|logistic|random))",
        r'"derive"|"group"',
    ),
    (r"\bdivid(?:e|ed|es|ing)\b(?! by (?:the|n|zero)\b)", r'"operator":"/"'),
    (r"\bsubtract\w*", r'"operator":"-"'),
    (r"\bmultipl\w+\b(?! by (?:the|n)\b)", r'"operator":"\*"'),
    (
        r"\b(?:add|adds|adding|added)\b(?! (?:a|the|this) (?:new |column|feature))",
        r'"operator":"\+"|"across"',
    ),
    (r"\b(?:combin|summing)\w*", r'"arithmetic"|"across"|"parts":\['),
    (r"\b(?:categori[sz](?:e|es|ed|ing)|bucket\w*|bin(?:s|ned|ning)?|discreti\w*)\b", r'"binned"'),
    (r"\bextract\w*", r'"date_part"|"text_part"'),
    (r"\bsquare[\s-]root\b(?! of the)|\bexponential\b|\bcube\b", r'"sqrt"|"exp"|"rmse"'),
    (r"\bsquare[sd]?\b", r'"sqrt"|"square"|"rmse"|"mse"|"chi_square"|"r_squared"|"regression"|"model"'),
    (r"\bwinsori[sz]\w*|\bclip\w*|\bcap(?:ped|ping)?\b|\btrim\w*", r'"percentiles"'),
    (r"\b(?:round|rounded|rounding)\s+(?:down|up)\b(?! to)", r'"floor"'),
    (r"\btreat\w*\b", r'"fill_missing"|"mapped"'),
    (r"\b(?:per capita|ratio)\b(?=.*new)", r'"derive"|"arithmetic"'),
    (
        r"\b(?:weighted|rolling|moving average|cumulative|resampl\w+|merg\w+|join(?:ed|ing)?)\b",
        r'"moving"|"resample"|"join"',
    ),
    (r"\b(?:percentage change|growth rate|year-over-year|previous day)\b", r'"moving"|"percent_change"'),
    (r"\b(?:previous|preceding|lag(?:s|ged)?)\b", r'"moving"'),
    (
        r"\bin (?:percent|per ?cent|thousands|millions|%)\b|\bas a percentage\b",
        r'"percent":true|"kind":"share"|"share":true',
    ),
    (r"\b(?:double|triple|twice|thrice|halve)\b", r'"times"|"constant"'),
    (r"\bjoint?ly\b|\bgeometric\b|\bharmonic\b|\bcubed\b|\bsquared? (?:the|each|every)\b", r'"square"'),
    # figures, tests, models
    (r"\b(?:predict(?!ions?\b)\w*|train(?:ed|ing)?|classif(?!y a)\w+)\b", r'"model"|"regression"'),
    (r"\bsplit\w*", r'"split":\{|"by":\[\{|"compare'),
    (r"\bcluster\w*\b", r'"clusters"'),
    (r"\boutliers?\b", r'"outliers"|"drop_outliers"'),
    (r"\bskewness\b", r'"skew"'),
    (r"\bkurtosis\b", r'"kurtosis"'),
    (r"\bt-tests?\b", r'"two_samples"|"one_sample"'),
    (r"\bmann[\s-]*whitney\b", r'"mann_whitney"'),
    (r"\bkolmogorov|\bsmirnov", r'"ks"'),
    (r"\bwelch", r'"welch"'),
    (r"\bkruskal|\bwallis", r'"kruskal"'),
    (r"\banova\b", r'"groups_test"'),
    (r"\bchi[\s-]?squared?", r'"chi_square"'),
    (r"\bshapiro\b|\bwilk\b", r'"shapiro"'),
    (r"\bspearman", r'"spearman"'),
    (r"\bkendall", r'"kendall"'),
    (r"\bweekdays?\b|\bweekends?\b", r'"weekend"|"weekday"'),
    (
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
        r'"weekend"|"weekday"|"day_name"|"value":"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"',
    ),
    (r"\bunique\b|\bdistinct\b", r'"distinct"|"keep_groups"|"by":\[\{|"compare"'),
    (r"\bcrosstab|\bpivot\b", r'"crosstab"'),
    (r"\b(?:sort\w*|order(?:ed)?\s+by|ascending|descending)\b", r'"sort"|"order":"(?:asc|desc|alpha)'),
)  # fmt: skip
