"""The English of data questions: phrases and what they stand for.

Every phrase has a one-letter code; `grammar` and `conditions` are written in these letters. Nothing here
knows a table: names and values come from `schema`.

    S statistic   Z minimum/maximum   T superlative   n how many     P share        L first/last
    c correlation e strongest corr.   a matrix        y missing      w values       D distinct
    d describe    h chart             i bins          s sort         l direction    z most common
    f frequency   k versus            B by, per       A and          R or           X not
    x without     I is                H with, have    W where, in    O comparison   o "or more"
    % plus, minus E a test        ~ regression  ^ its parts     # pivot         & repeated
    = compare     b between     t to                U row noun      u column noun  g size     J comparative
    _ filler      ! refused           q contains      p previous        @ growth, rolling $ month on month
    j best, worst + fill, scale, bin, encode
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cue:
    """What a phrase stands for."""

    code: str
    value: str = ""
    """The function, operator, direction or kind."""
    concepts: tuple[str, ...] = ()
    """For adjectives: names of the quantity that they compare, to be found among the columns."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _cues(code: str, table: dict[str, str]) -> dict[tuple[str, ...], Cue]:
    """`table` maps a value to its phrases, separated by commas."""
    return {
        tuple(phrase.split()): Cue(code, value)
        for value, phrases in table.items()
        for phrase in phrases.split(",")
    }


_STATISTICS = {
    "mean": "mean,average,avg,means,averages,arithmetic mean,mean value,average value,on average",
    "median": "median,medians,median value",
    "sum": "sum,sums,combined,total,totals,sum total,total sum,add up",
    "std": "std,standard deviation,standard deviations,sd,stdev,std dev",
    "var": "variance,var",
    "range": "range,range of,value range",
    "cv": "coefficient of variation,relative standard deviation,cv",
    "mad": "median absolute deviation,mad",
    "sem": "standard error,standard error of the mean,sem",
    "std:population": "population standard deviation,population std,population sd,population stdev",
    "var:population": "population variance,population var",
    "skew": "skewness,skew,skewed",
    "kurtosis": "kurtosis,excess kurtosis",
    "iqr": "interquartile range,iqr,inter quartile range,inter-quartile range",
    "quantile:0.25": "lower quartile,first quartile,1st quartile,q1",
    "quantile:0.75": "upper quartile,third quartile,3rd quartile,q3",
}
_EXTREMES = {
    "max": "maximum,max,maximal,maximum value,max value",
    "min": "minimum,min,minimal,minimum value,min value",
}
_SUPERLATIVES = {
    "largest": "top,highest,greatest,most,topmost",
    "smallest": "bottom,lowest,least,fewest",
}
_COUNTS = {
    "how many": "how many,headcount,head count",
    "number of": "number of,total number of,no of,nr of,num of,count of,count,counts,counts of,numbers of,"
    "total count of",
}
_SHARES = {
    "": "share,share of,percentage,percentage of,percent of,percent,proportion,proportion of,"
    "fraction of,fraction,portion,portion of,"
    "what percent of,pct of",
}
_ENDS = {"first": "first,head", "last": "last,tail"}
_CHARTS = {
    "histogram": "histogram,histograms,hist,histogram plot,distribution,distribution plot,distributed",
    "bar": "bar chart,bar plot,bar graph,barchart,barplot,bars,bar,column chart,bar charts,as bars",
    "line": "line chart,line plot,line graph,linechart,lineplot,line",
    "scatter": "scatter,scatter plot,scatter chart,scatterplot,scattergraph,scatter graph",
    "pie": "pie chart,pie,pie plot,pie graph,piechart,donut chart,doughnut chart",
    "violin": "violin plot,violin,violin chart",
    "area": "area chart,area plot,area graph",
    "heat": "heat map,heatmap,heat maps,heatmaps,heat map plot,correlation heatmap,correlation heat map",
    "box": "box plot,boxplot,box plots,boxplots,box chart,box and whisker plot",
    "plot": "plot,chart,graph,visualize,visualise,draw,visualization of,plot of,chart of",
}
_LINKS = {
    "where": "where,whose,when,if,such that,provided,only where",
    "in": "comes from,come from,came from,coming from,paid by,paid with,paid in,during,but only,"
    "just for,only in,just in,only with,in,for,from,at,among,amongst,within,on,inside,only,only for",
}
_COMPARISONS = {
    ">": "greater than,more than,larger than,bigger than,higher than,over,above,after,later than,"
    "exceeding,exceeds,exceed,"
    "is greater than,is more than,is over,is above,are over,are above",
    ">=": "since,at least,no less than,not less than,not fewer than,greater than or equal to,"
    "more than or equal to,"
    "a minimum of,no fewer than,not below,not under",
    "<": "less than,fewer than,smaller than,lower than,under,below,before,earlier than,is less than,"
    "is under,is below",
    "<=": "at most,no more than,not more than,up to,less than or equal to,a maximum of,not over,not above,"
    "fewer than or equal to,no greater than,not exceeding",
    "==": "equal to,equals,equal,exactly,is equal to,of exactly",
    "!=": "not equal to,other than,different from,is not equal to,unequal to,except",
}
_OPEN_ENDS = {
    ">=": "or more,or above,or higher,or over,and more,and above,and over",
    "<=": "or less,or fewer,or below,or lower,or under,and below",
}

_FILLERS = (
    "the,a,an,of,please,can you,could you,would you,will you,can i,could i,may i,i,me,us,we,my,our,"
    "you,show,list,"
    "give,tell,find,display,print,get,see,compute,calculate,determine,return,want,want to,"
    "would like,would like to,"
    "i'd like,need,need to,know,look,look up,let's,lets,let,what,what's,whats,which,who,that,this,"
    "these,those,do,"
    "does,did,it,its,their,there,they,any,all,thanks,thank you,hi,hello,hey,kindly,just,simply,now,"
    "overall,"
    "in total,altogether,in all,also,then,create,make,produce,generate,using,of all,as,be,being,"
    "been,how,hold,holds,"
    "shown,take,takes,occur,occurs,exist,exists,different from each other,pull up,select,fetch,"
    "report,quick,quickly,"
    "current,currently,entire,whole,together,per se,belong,belongs,to be,i want to,appear,"
    "appears,pls,plz,please give,a lot,lots,so much,very much,much,ever,here,recorded,work,works,"
    "working,worked,exactly please,btw,how strongly,how much,how far,strongly,both,our data,"
    "got,gets,getting,took,taken,still,into,really,actually,currently there,"
    "sent,made,had been,ranked,again,same but,but,instead,go,goes,went"
)
_GROUPING = (
    "by,per,by each,for each,for every,in each,within each,grouped by,group by,across,"
    "broken down by,split by,"
    "by every,according to,depending on,of each,each,with each,at each,on each,for the different,"
    "over each"
)
_STRUCTURE = {
    "A": {"": "and,as well as,and also,but,along with"},
    "R": {"": "or,either"},
    "X": {"": "not,no,isn't,aren't,don't have,doesn't have,do not have,does not have,not have,"
    "is not,are not,non,"
          "isn’t,aren’t,have no,has no,with no"},
    "x": {"": "without,lacking,excluding"},
    "I": {"": "is,are,was,were,have been,is a,being"},
    "H": {"": "with,have,has,having,had,that have,that has,featuring"},
    "B": {"": _GROUPING},
    "b": {"": "between,is between,are between,in the range"},
    "t": {"": "to,through,until"},
    "k": {"": "than,vs,versus,against,as a function of,over,compared with,compared to"},
    "c": {"": "corr,corrs,corr of,corr between,"
          "correlation,correlations,correlate,correlates,correlated,correlation coefficient,"
          "pearson correlation,pearson correlation coefficient,pearson's correlation,"
          "pearson’s correlation,related to,relate to,relates to,relationship between,relationship of,"
          "relation between,"
          "association between,associated with,correlate with,correlates with,correlated with,"
          "relationship with"},
    "E": {"differ": "significant difference,significant differences,significantly different,"
          "differ significantly,differs significantly,significant,significantly,differ,differs,vary,varies",
          "t": "t test,ttest,t-test,student t test,students t test,independent t test",
          "welch": "welch,welch test,welch t test,welchs t test",
          "mann_whitney": "mann whitney,mann whitney u,mann whitney u test,mann whitney test,u test",
          "ks": "ks test,kolmogorov smirnov,kolmogorov smirnov test,two sample ks test",
          "levene": "levene,levene test,levenes test",
          "anova": "anova,one way anova,anova test,one-way anova",
          "kruskal": "kruskal wallis,kruskal,kruskal wallis test",
          "any": "test,tests,tested,testing",
          "chi": "dependent,dependent on,independent,statistically independent,independence,independence of,"
              "test of independence of,independent of,chi square test of independence of,chi square,"
              "chi squared,chi square test,chi squared test,chi2,chi2 test",
          "shapiro": "shapiro,shapiro wilk,shapiro test,shapiro wilk test",
          "normaltest": "d'agostino,dagostino",
          "jarque_bera": "jarque bera,jarque bera test",
          "normal": "normally distributed,normal distribution,normality,normality test,normal,gaussian,"
                    "follow a normal distribution,follows a normal distribution,test for normality"},
    "F": {"": "outliers,outlier,anomalies,extreme values"},
    "m": {"z": "z score,z scores,zscore,z-score,z-scores,standard score",
          "spearman": "spearman,spearman's,spearmans,spearman rank",
          "kendall": "kendall,kendall's,kendalls,kendall tau"},
    "v": {"": "p value,p-value,pvalue,significance level,with p value,with p-value,and p value"},
    "e": {"": "correlates most,correlate most,most correlated,strongest correlation,highest correlation,"
          "correlates most strongly,most strongly correlated,correlates the most,correlates strongest,"
          "is most correlated,strongest correlated,most highly correlated"},
    "a": {"": "matrix,correlation matrix,table of correlations"},
    "y": {"": "gaps,gap,holes,missing,null,nulls,nan,nans,na,empty,blank,missing data,missings,incomplete"},
    "w": {"": "values,value,levels,categories,entries,cells"},
    "D": {"": "distinct,unique,different,possible"},
    "d": {"": "describe,summary,summarize,summarise,summary statistics,summary of,overview,overview of,"
          "descriptive statistics,statistics,basic statistics,key statistics,profile"},
    "f": {"": "how often,how frequently,frequency,frequencies,value counts,value_counts,frequency table,"
        "breakdown,"
    "breakdown of,tally"},
    "z": {"largest": "most common,most frequent,commonest,most popular,mode of,mode",
          "smallest": "least common,least frequent,rarest"},
    "s": {"": "sort,sorted,order,ordered,sort by,sorted by,order by,ordered by,ranked by,rank"},
    "l": {"descending": "descending,descending order,in descending order,from highest to lowest,"
          "largest first,highest first,desc,"
          "from largest to smallest",
          "ascending": "ascending,ascending order,in ascending order,from lowest to highest,"
          "smallest first,lowest first,asc,"
          "from smallest to largest"},
    "i": {"": "bins,buckets,groups,classes,groups of equal width,"
          "equal groups,equal bins,equal width bins,intervals"},
    "~": {"": "linear regression,regression,regress,ols,ols regression,least squares,linear model,"
          "simple linear regression,multiple regression,multiple linear regression,linear fit,"
          "regression of,regression model"},
    "%": {"+": "plus,added to", "-": "minus", "*": "multiplied by",
          "/": "divided by,ratio,ratio of,ratio between,the ratio of"},
    "^": {"": "r squared,r2,r-squared,r square,slope,coefficient,coefficients,intercept,slopes,r²"},
    "#": {"": "pivot,pivot table,crosstab,cross tab,crosstabulation,cross tabulation,contingency table,"
          "pivot of,two way table,two-way table"},
    "&": {"": "duplicates,duplicate,duplicated,repeated,repeats,duplicates of"},
    "=": {"more": "higher,lower,longer,shorter,larger,greater,smaller,more,less,bigger,older,younger,faster,"
          "slower,cheaper,heavier,lighter,taller",
          "compare": "compare,comparison of,comparison,compare the,contrast",
          "difference": "difference in,difference between,difference of,difference"},
    "q": {"": "contains,contain,containing,includes,including,that contains,that contain,with the word",
          "start": "starts with,start with,starting with,beginning with,begins with,begin with,"
          "that start with,that starts with,that begin with",
          "end": "ends with,end with,ending with,ending in,that end with,that ends with,end in"},
    "u": {"": "columns,column,variables,variable,features,feature,fields,field,attributes,attribute,"
    "column names,names of the columns,names of columns,name of the columns,names of all columns"},
    "g": {"": "shape,size,dimensions,how big,how large"},
    "j": {"largest": "best", "smallest": "worst"},
    "@": {"growth": "growth,growth rate,growth of,growth in,percent change,percentage change,pct change,"
          "percent change in,percentage change in,relative change,rate of change,percent growth",
          "difference": "change,changes,absolute change,change in,change of,changed",
          "cumulative": "cumulative,running total,running sum,cumulative sum,cumulative total,cumsum,"
          "running total of,cumulative sum of,cumulated",
          "moving": "rolling,moving,running average,sliding"},
    "+": {"fill": "fill,fill in,impute,replace",
          "minmax": "min max scale,min-max scale,minmax scale,min max normalise,min max normalize,normalise,"
          "normalize,rescale",
          "zscore": "standardise,standardize,z score scale,z-score scale",
          "scale": "scale",
          "robust": "robust scale",
          "bin": "bin,cut,group,discretise,discretize",
          "one_hot": "one hot encode,one-hot encode,dummy encode,get dummies of,get dummies for",
          "codes": "label encode,encode,ordinal encode"},
    "$": {"year_month": "month over month,mom,month on month,month to month",
          "year": "year over year,yoy,year on year,year to year",
          "week_start": "week over week,wow,week on week",
          "date": "day over day,day on day,day to day",
          "year_quarter": "quarter over quarter,qoq,quarter on quarter"},
    "p": {"": "what about,how about,and what about,and how about,same for"},
}  # fmt: skip
_ROW_NOUNS = {
    "row": "rows,row,records,record,observations,observation,data points,data point,instances,samples,"
    "lines,items,item,cases,ones",
    "table": "data,dataset,data set,table,dataframe,data frame,frame,file,csv,data file,sheet",
}

_REFUSED = {
    "a cause": "why,cause,causes,caused,because,reason,reasons,explain,explanation,impact,effect,"
    "affect,affects,"
    "influence,influences,drive,drives,driver,drivers,due,leads,lead",
    "a forecast": "predict,prediction,predictions,forecast,forecasts,future,will,expect,expected,"
    "tomorrow,would,"
    "trend,trends,next year,next month",
    "an opinion": "should,good,bad,recommend,recommendation,think,"
    "interesting,important,"
    "opinion,advice,worth,nice,suspicious,unusual,insights,patterns",
    "an analysis that is not offered yet": "differences,"
    "model,models,cluster,clusters,significance,percentile,percentiles,"
    "quantile,quantiles,"
    "join,merge,increase,decrease,weighted,"
    "second,third,map,population,"
    "normalized,log,"
    "remove,drop,delete,clean,rename,"
    "half,twice,double,almost,nearly,roughly,around,approximately,near,close,"
    "every other,rest,others",
}

MEASURES = _words(
    """
    sqm sqft area areas floorspace size surface square metre metres meter meters foot feet km kilometre
    kilometres kilometer kilometers mile miles hour hours minute minutes second seconds kg kilogram kilograms
    gram grams litre litres liter liters capita
    """
)
"""What figures are given for one of: `per` them is a ratio, while `per` anything else may mean groups."""
MONEY = ("price", "cost", "fare", "fee", "rent")
"""What a column is called that says what a row costs."""
COST_VERBS = _words("cost costs costing")
SELLING = _words("sold sell sells selling")
"""Verbs for what a column of quantities counts."""
COMPARING = _words("less more under over below above between at exactly up")
"""Words that a comparison begins with."""

# Adjectives name a quantity: (superlatives, comparatives, largest?, names of the quantity). The names are
# looked for among the columns like any other word; where no column or several fit, there is no reading.
SOLD = "sold"
"""What is best selling is so by the column that says how many were sold, whatever its name."""
CROWD = "visitors,visits,passengers,guests,riders,customers,traffic"
"""What is counted where a place or a time is called busy; rows, where no column is called so."""
_ADJECTIVES: tuple[tuple[str, str, bool, str], ...] = (
    ("cheapest,least expensive", "cheaper than,less expensive than", False, ",".join(MONEY)),
    ("most expensive,priciest,dearest", "more expensive than,pricier than", True, ",".join(MONEY)),
    ("latest,newest,most recent", "", True, "date,timestamp"),
    ("earliest", "", False, "date,timestamp"),
    ("largest,biggest", "", True, "size,area"),
    ("smallest,tiniest", "", False, "size,area"),
    ("oldest,eldest", "older than", True, "age"),
    ("youngest", "younger than", False, "age"),
    ("tallest", "taller than", True, "height"),
    ("heaviest", "heavier than", True, "weight,mass"),
    ("lightest", "lighter than", False, "weight,mass"),
    ("longest", "longer than", True, "length,duration,distance"),
    ("shortest", "shorter than", False, "length,duration,distance,height"),
    ("widest", "wider than", True, "width"),
    ("fastest", "faster than", True, "speed"),
    ("slowest", "slower than", False, "speed"),
    ("richest", "richer than", True, "income,wealth,salary"),
    ("poorest", "poorer than", False, "income,wealth,salary"),
    ("hottest,warmest", "hotter than,warmer than", True, "temperature"),
    ("coldest,coolest", "colder than,cooler than", False, "temperature"),
    ("most populous", "more populous than", True, "population"),
    ("rainiest,wettest", "rainier than,wetter than", True, "rain,rainfall,precipitation"),
    ("windiest", "windier than", True, "wind,windspeed"),
    ("best selling,top selling,most sold,best sold,bestselling", "", True, SOLD),
    ("worst selling,least sold", "", False, SOLD),
    ("best rated,highest rated,top rated", "", True, "rating,stars"),
    ("worst rated,lowest rated", "", False, "rating,stars"),
    ("highest grossing,top grossing", "", True, "gross"),
    ("highest paid,best paid,top paid", "", True, "salary,wage"),
    ("lowest paid,worst paid", "", False, "salary,wage"),
    ("most valuable", "more valuable than", True, "value"),
    ("least valuable", "less valuable than", False, "value"),
    ("busiest", "", True, CROWD),
    ("quietest,least busy", "", False, CROWD),
)

TAKING = _words("response latency duration elapsed runtime")
"""What is long where something is slow, in tables that know no speed."""

UNITS = _words(
    """
    usd eur gbp dollar dollars euro euros pound pounds sqft sqm ft feet foot meter meters metre metres m2 km
    kms kilometers kilometres mile miles cm mm inch inches kg kilogram kilograms gram grams lb lbs ton tons
    celsius fahrenheit c f percent pct hour hours hr hrs minute minutes min mins second seconds sec secs ms
    day days year years yr yrs month months old
    """
)
"""Words for units: they may follow a number, and may end a column's name without being said."""

NAME_UNITS = _words(
    "kmh mph kph kw kwh w mw db v a l t m g s h bar rpm hz khz mhz ghz kb mb gb tb mm bpm psi pa kpa "
    "hpa nm n j kj cal kcal ml cl"
)
"""Words for units that only end a column's name."""

SCALES = _words(
    """
    hundred thousand million billion trillion dozen lakh crore percent percentage decimal digit place
    usd eur gbp dollar euro pound cent yen franc rupee peso krona yuan rouble ruble currency unit
    """
)
"""Singulars of words that say how a figure is to be written; none is taken for a noun for the rows."""

ABBREVIATIONS = {
    "qty": "quantity", "num": "number", "nr": "number", "no": "number", "nbr": "number", "cnt": "count",
    "amt": "amount", "avg": "average", "temp": "temperature", "dept": "department", "cust": "customer",
    "prod": "product", "cat": "category", "addr": "address", "desc": "description", "pct": "percent",
    "perc": "percent", "yr": "year", "mon": "month", "dt": "date", "lat": "latitude", "lon": "longitude",
    "lng": "longitude", "std": "standard", "tot": "total", "val": "value", "mfg": "manufacturing",
    "emp": "employee", "sal": "salary", "hp": "horsepower", "wt": "weight", "ht": "height",
    "pop": "population", "pos": "position", "qtr": "quarter", "exp": "experience", "mkt": "market",
    "dur": "duration", "veh": "vehicle", "acct": "account", "subj": "subject", "lang": "language",
    "nat": "nationality", "info": "information", "ac": "airconditioning", "aircon": "airconditioning",
    "sqft": "squarefeet", "max": "maximum", "min": "minimum", "dist": "distance",
    "freq": "frequency", "id": "id", "loc": "location", "org": "organization", "rev": "revenue",
}  # fmt: skip
"""Short forms that people use in column names or in questions."""

REAL_WORDS = _words(
    """
    county country state status stage station sale scale sales sex six year ear tear data date rate gate
    plate late price prize pride place plane plant plan class glass grade trade brand grand branch breach
    form farm firm month mouth south north east west coast cost cast code mode model node note vote votes
    notes order border older owner power tower lower flower hour house horse mouse course source score store
    shore share shape weight height eight light night right sight flight freight width length depth health
    wealth heat seat meat team term item time tile title table cable label level lever liver river driver
    diver customer costumer number member chamber product project process profit profile region religion
    reason season person version street sheet sleet street tweet material martial marital manager managed
    minutes minute salary celery balance valence distance instance rating raping eating heating mating
    dating parking marking banking ranking quality quantity equality city cite site size sizes prize rooms
    room roof root food foot wood mood
    """
)
"""Words that are no misspelling of another word, however close."""

GENERIC_TABLES = _words(
    """
    df data table frame dataset dataframe tbl d t x
    """
)
"""Names of tables that say nothing about what a row is."""


def _adjectives() -> dict[tuple[str, ...], Cue]:
    cues: dict[tuple[str, ...], Cue] = {}
    for superlatives, comparatives, largest, concepts in _ADJECTIVES:
        names = tuple(concepts.split(","))
        for phrase in superlatives.split(","):
            cues[tuple(phrase.split())] = Cue("T", "largest" if largest else "smallest", names)
        for phrase in filter(None, comparatives.split(",")):
            cues[tuple(phrase.split())] = Cue("J", ">" if largest else "<", names)
    return cues


def _phrases() -> dict[tuple[str, ...], Cue]:
    tables = {
        "_": {"": _FILLERS},
        "!": _REFUSED,
        "W": _LINKS,
        "S": _STATISTICS,
        "Z": _EXTREMES,
        "T": _SUPERLATIVES,
        "n": _COUNTS,
        "P": _SHARES,
        "L": _ENDS,
        "h": _CHARTS,
        "O": _COMPARISONS,
        "o": _OPEN_ENDS,
        "U": _ROW_NOUNS,
        **_STRUCTURE,
    }
    phrases: dict[tuple[str, ...], Cue] = {}
    for code, table in tables.items():
        for phrase, cue in _cues(code, table).items():
            phrases.setdefault(phrase, cue)
    return phrases | _adjectives()


PHRASES = _phrases()
LONGEST_PHRASE = max(map(len, PHRASES))
LONG_WORDS = tuple(
    phrase[0]
    for phrase, cue in PHRASES.items()
    if len(phrase) == 1 and len(phrase[0]) >= 6 and cue.code in "SZchdyTD"
)
"""Single words that are recognised with a slip of the finger too."""
