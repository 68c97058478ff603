"""Everyday words and what they are called in tables: synonyms of columns and values, times, nouns for rows.

General English only: no word is here for the sake of one table.
"""

from .tokens import word_set


def _groups(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in text.strip().splitlines())


_SYNONYMS = _groups(
    """
    revenue sales turnover total amount proceeds takings ordertotal ordervalue spent spend spending
    salary pay wage wages earnings earning income earn earns earned compensation salaries paid
    sex gender
    price cost fare fee rent charge charges amount expense expenses
    latency response duration elapsed responsetime loadtime
    rain rainfall precipitation
    wind windspeed
    size area sqm squaremetre squaremetres squaremeter squaremeters floorspace surface
    weight mass
    country nation
    city town
    team club side
    score mark grade points
    speed velocity
    item product article
    division department unit
    quantity units pieces
    fine penalty
    bill invoice
    salesperson seller rep
    client customer buyer
    teacher instructor
    job role jobtitle position occupation
    visitors visits traffic
    page path url
    paid payment pay
    consumption usage energy electricity kwh
    """
)

_VALUES = _groups(
    """
    female woman women girl girls females f ladies lady w
    male man men boy boys males m gentlemen
    """
)

TIMES = {
    "month": "year_month", "months": "year_month", "year": "year", "years": "year", "day": "date",
    "days": "date", "date": "date", "dates": "date", "weekday": "day_name", "weekdays": "day_name",
    "dow": "day_name", "hour": "hour", "hours": "hour", "quarter": "year_quarter", "quarters": "year_quarter",
    "week": "week_start", "weeks": "week_start",
}  # fmt: skip
"""Nouns for parts of a date and the part that they group by."""
TIME_PHRASES = {
    ("hour", "of", "day"): "hour", ("hour", "of", "the", "day"): "hour", ("day", "of", "week"): "day_name",
    ("day", "of", "the", "week"): "day_name", ("calendar", "month"): "month",
    ("month", "of", "year"): "month",
    ("month", "of", "the", "year"): "month",
}  # fmt: skip
TIME_ADJECTIVES = {
    "monthly": "year_month", "yearly": "year", "annual": "year", "annually": "year", "daily": "date",
    "hourly": "hour", "quarterly": "year_quarter", "weekly": "week_start",
}  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

ROW_NOUNS = word_set("""
    people person persons individual individuals employee employees worker workers staff member members
    patient patients student students pupil pupils user users player players
    request requests hit hits visit visits reading readings measurement measurements transaction transactions
    order orders purchase purchases booking bookings reservation reservations trip trips ride rides flight
    flights house houses home homes flat flats apartment apartments property properties
    car cars vehicle vehicles event events ticket tickets passenger passengers game games
    match matches movie movies film films book books loan loans stay stays case cases tree trees animal
    animals plant plants box boxes bus buses test tests experiment experiments survey surveys
    respondent respondents answer answers call calls message messages email emails post posts review reviews
    """)
"""Nouns that can stand for what each row is, where no column or value is called so.

None for what rows are often grouped by (cities, shops, customers), and none that chooses rows (children).
"""

_BY_WORD: dict[str, set[str]] = {}
for _group in _SYNONYMS:
    for _word in _group:
        _BY_WORD.setdefault(_word, set()).update(_group - {_word})
_VALUE_GROUPS = {word: group for group in _VALUES for word in group if len(word) > 1}


def synonyms(word: str) -> frozenset[str]:
    """Other words for what a column holds."""
    return frozenset(_BY_WORD.get(word, ()))


def value_synonyms(word: str) -> frozenset[str]:
    """Other words for a value."""
    return _VALUE_GROUPS.get(word, frozenset())
