"""Long tasks with constraints and a format, in our own words, over the small tables of `tables`."""

TASKS = (
    (
        "flats",
        "What are the mean and the median rent of the flats?",
        "Round both to two decimal places.",
        "@mean_rent[mean] @median_rent[median]\n"
        'where "mean" and "median" are numbers rounded to two decimal places.',
    ),
    (
        "flats",
        'Calculate the Pearson correlation coefficient between "rent" and "floorspace".',
        "Round the coefficient to three decimal places.",
        '@correlation[r]\nwhere "r" is a number between -1 and 1, rounded to three decimal places.',
    ),
    (
        "patients",
        'How many values of "Weight (kg)" are missing?',
        "Count the missing values only.",
        '@missing_count[count]\nwhere "count" is a whole number.',
    ),
    (
        "patients",
        'Compute the standard deviation of "patient age".',
        "Use the sample standard deviation. Round it to two decimal places.",
        '@std_age[std]\nwhere "std" is a number rounded to two decimal places.',
    ),
    (
        "orders",
        'Calculate the skewness of the "UnitPrice" column.',
        "Use the pandas function. Round the skewness to two decimal places.",
        '@skewness[skewness]\nwhere "skewness" is a number rounded to two decimal places.',
    ),
    (
        "orders",
        'Find the outliers of "UnitPrice" with the interquartile range method.',
        "A value is an outlier if it is below Q1 - 1.5 * IQR or above Q3 + 1.5 * IQR. Count the outliers.",
        '@outlier_count[count]\nwhere "count" is a whole number.',
    ),
)

ADDED = (
    "Remove duplicate rows first.",
    "Only consider rows where the first column is above its median.",
    "Exclude the ten largest values.",
    "Use a weighted average.",
    "Convert all values to thousands before computing.",
    "Sort the table and keep the first 50 rows.",
    "Apply a square root transformation before the calculation.",
    "Treat negative values as missing.",
    "Standardize the columns before computing.",
    "Winsorize at the 5th and 95th percentile.",
    "Ignore weekends.",
    "Round down.",
    "Use only the second half of the rows.",
    "Give the result in percent.",
    "Leave the smokers out.",
    "Cap the values at 1000.",
    "Merge the smallest groups first.",
)
"""Sentences that change what is asked."""


def task(question: str, constraints: str, format_: str) -> str:
    """As people paste it."""
    return f"{question}\n\nConstraints:\n{constraints}\n\nFormat:\n{format_}\n"
