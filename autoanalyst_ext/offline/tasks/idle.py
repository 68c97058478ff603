"""Words of task texts that change nothing: what is asked for, how it is written, what a table is made of.

The lists are everyday English. A word that is in none of them may be an instruction; see `accounting`.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from ..words.tokens import singular, word_set

GRAMMAR = word_set("""
    a an the this that these those each every any all both either neither some such same other another
    one it its they them their theirs he she his her him we us our you your i my me who whom whose which
    what where when why how whether if then than so as because since while whereas although though
    however therefore thus hence also too and or but nor of in on at by for to from with within into
    onto over under between among amongst across through throughout during until about above below per
    via against toward towards upon without after before around along up down out off not no none never
    non only just even still yet already again once twice be is am are was were been being has have had
    having do does did done can could may might must shall should will would need there here please let
    make made making sure very more most less least much many few several own itself themselves
    respectively respective otherwise instead rather else first second third fourth last next previous
    following final finally afterwards thereafter meanwhile firstly secondly lastly later earlier
    together separately separate individually alone directly simply exactly approximately roughly
    equally entirely fully completely strictly generally usually typically normally commonly especially
    particularly specifically explicitly namely regardless according due despite like unlike etc ie eg
    taken given shown known written seen found paid sold spent bought met left held kept lost won gone
    drawn said told built chosen came everything anything something nothing everyone anyone somebody
    whatever whichever wherever whenever almost nearly altogether really indeed certainly clearly
    carefully properly precisely correctly accordingly consequently similarly likewise nevertheless
    perhaps maybe possibly currently recently originally initially ultimately eventually subsequently
    simultaneously overall obviously basically statistically numerically visually manually automatically
    briefly quickly easily well yes true false mr mrs therein thereof versus vs isn doesn don didn aren
    wasn let's today now ever always
    """)
ASKING = word_set("""
    calculate compute find determine identify report give return provide state tell show list print get
    obtain evaluate examine check assess investigate explore analyze analyse perform conduct do run
    carry count measure estimate test compare use using utilize utilise apply consider assume set ensure
    note present output write answer ask question want wish like know learn see look say name call
    describe understand study research interested wonder figure work come go take taken choose select
    verify confirm decide conclude conclusion infer judge base follow define denote mean represent
    indicate express display mention specify require request expect contain include involve help allow
    enable meet employ try attempt start begin finish complete continue keep reveal suggest demonstrate
    illustrate avoid adhere implement import load read open handle proceed gain fit build develop design
    construct train predict forecast explain achieve deal treat accept reject detect discover recognize
    recognise interpret characterize characterise validate create generate round
    """)
STORY = word_set("""
    exist appear seem lie belong relate associate affect influence contribute depend differ vary
    correlate render end hold remain leave happen occur result reach record observe collect gather
    receive publish update own run play work live travel pay buy sell spend cost earn sign survive die
    place put draw locate serve fail pass deem regard rank grade score rate possess consist comprise
    correspond match equal exceed lack miss cause support assist accompany change increase decrease rise
    fall grow distribute incur board form skew base weigh
    """)
"""What rows do, or what is said of them: no instruction, unless they stand where one must stand."""
FIGURES = word_set("""
    mean average median mode modal sum total count number amount quantity figure figures value values
    minimum maximum min max range variance deviation standard std sd skewness skew kurtosis quartile
    quartiles percentile interquartile iqr q1 q3 correlation coefficient coefficients relationship
    relation association pattern patterns trend distribution frequency proportion percentage percent
    percentages share ratio fraction rate rates difference differences test tests statistic statistics
    statistical statistically significance significant significantly insignificant hypothesis null
    alternative alpha level levels p-value p-values pvalue confidence two-tailed two-sided two-tail
    one-way one-tailed two-sample independent dependent paired sample samples population linear
    nonlinear non-linear monotonic positive negative strong weak moderate strength direction magnitude
    absolute normal normality normally non-normal skewed symmetric pearson pearson's student's fisher
    fisher's threshold thresholds limit limits bound bounds boundary boundaries outlier outliers z-score
    z-scores zscore score scores summary overall model models regression regressor classifier
    classification prediction predictions predictor predictors target feature features variable
    variables training testing train-test split accuracy precision recall rmse mse mae error errors root
    r2 r-squared performance metric metrics slope intercept parameter parameters hyperparameter
    hyperparameters default defaults seed random state random_state random_seed reproducibility
    reproducible iteration iterations estimators trees tree forest neighbors neighbours decision
    logistic machine learning algorithm algorithms fold max_iter test_size n_estimators axis moment
    definition freedom degrees degree ddof n-1 high higher highest low lower lowest large larger largest
    small smaller smallest big bigger biggest great greater greatest top bottom long longest short
    shortest old older oldest young younger youngest good better best bad worse worst common frequent
    popular strongest weakest equal different distinct unique available existing exact actual expected
    specific certain particular given single individual whole entire full general basic simple multiple
    joint initial original current new main major key important interesting relevant appropriate
    suitable correct valid accurate close extreme unusual abnormal typical possible potential necessary
    needed eligible remaining missing empty nan na known recorded reported measured observed collected
    arithmetic nearest newly evaluation detection identification identified deletion imputation
    preprocessing processing engineering cleaning preparation calculation sorting strategy module
    natural ordinary plain regular usual proper precise careful concise brief clear fair reasonable
    useful helpful consistent complete separate subsequent corresponding various diverse several
    additional further extra sole only mere same similar comparable able aware sure ready free likely
    unlikely numeric real true false final first last early late scoring sampling comprehensive
    straightforward pre beyond additionally furthermore moreover
    """)
THINGS = word_set("""
    data dataset datasets dataframe table file csv row rows column columns record records entry entries
    observation observations case cases item items list lists field fields attribute attributes label
    labels class classes group groups category categories categorical type types kind kinds index
    indices identifier identifiers name names title titles string strings text texts word words
    character characters mark marks number numbers numeric numerical integer integers float floats
    decimal decimals digit digits place places boolean object format formats form result results answer
    answers output outcome outcomes solution step steps process method methods methodology procedure
    approach approaches technique techniques way ways rule rules condition conditions criterion criteria
    constraint constraints assumption assumptions requirement requirements note notes point points set
    sets subset part parts portion unit units term terms scope detail details information knowledge
    insight insights purpose reason aim goal task problem issue question questions analysis analyses
    study research paper report article document description content contents explanation justification
    evidence significance date dates time times day days week weeks month months year years hour hours
    minute minutes second seconds period periods duration moment age ages person people individual
    individuals person's people's user users customer customers member members player players student
    students patient patients passenger passengers employee employees worker workers company companies
    country countries city cities region regions area areas location locations state states world
    product products order orders sale sales price prices cost costs amount amounts income size sizes
    length width height weight distance speed temperature quality volume market trading closing opening
    event events function functions library libraries package packages python pandas numpy scipy sklearn
    scikit-learn scikit statsmodels built-in built in-built out-of-the-box software scenario situation
    example tool tools code version formula equation expression calculation calculations computation
    computations transformation base value values combination pair pairs side sides left right
    comparison contrast factor factors manipulation rest frame stats corr effect impact role level gap
    gaps presence absence existence occurrence occurrences appearance consistency simplicity
    completeness context respect regard addition general total comma commas
    """)

_NOUNS = FIGURES | THINGS
NAMED = frozenset(_NOUNS | {singular(word) for word in _NOUNS})
_BOTH = word_set("""
    average bound cap case class condition contrast correct cost difference double even factor field
    figure file fold form format frame function gap group half index item kind label level light limit list
    lower mark mean moderate name number order pair part place point process proportion rank range rate
    row sample scale score side signal size split square standard string subset table term text
    threshold title total trend type unit update value version weight zero
    """)
"""Nouns and adjectives that are verbs too."""
_LONG = sorted(word for word in ASKING if len(word) > 6)
NUMBERS = word_set("""
    zero one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred
    thousand
    """)
"""Numbers have a check of their own."""


def is_idle(word: str, *, as_verb: bool = False) -> bool:
    """Whether a word changes nothing; `as_verb` where an instruction must stand: `level the values`."""
    forms = bases(word)
    is_word = word.removesuffix("'s") in GRAMMAR or bool(forms & ASKING)
    if (is_word and not (as_verb and word in _BOTH)) or _is_mistyped(word):
        return True
    is_noun = singular(word.removesuffix("'s").removesuffix("'")) in NAMED
    return bool(is_noun and (word not in _BOTH or not as_verb)) or (not as_verb and bool(forms & STORY))


def bases(word: str) -> set[str]:
    """The forms that a word can be made of: `dropped` -> drop, `using` -> use, `studies` -> study."""
    found = {word, singular(word), word.removesuffix("'s").removesuffix("'")}
    for ending in ("ing", "ed", "es", "d", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word.removesuffix(ending)
            found |= {stem, stem + "e", re.sub(r"([bdgklmnprt])\1$", r"\1", stem)}
            found |= {stem[:-1] + "y"} if stem.endswith("i") else set()
    return found


@lru_cache(4096)
def _is_mistyped(word: str) -> bool:
    return len(word) > 6 and any(_is_slip(word, meant) for meant in _LONG)


def _is_slip(word: str, meant: str) -> bool:
    """Whether one letter is missing, double or in its neighbour's place: `calulate`."""
    near = OSA.distance(word, meant, score_cutoff=1) == 1
    return near and (len(word) != len(meant) or sorted(word) == sorted(meant))
