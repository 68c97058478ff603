"""Long tasks with a format of named answers: what each is understood as, and what makes all of it silent."""

import pytest

from autoanalyst_ext.offline.analyst import Abstained, Planned, understand

from .tables import PROFILES
from .tasks import task

READ = [
    (
        "flats",
        'What are the mean and the population standard deviation of "rent"?',
        "",
        "@mean_rent[m] @std_rent[s], both rounded to two decimal places.",
        "mean_rent: mean of `rent`; std_rent: population standard deviation of `rent`",
    ),
    (
        "flats",
        'Calculate the mean "rent" for each "city" separately.',
        "",
        "@mean_rent_oslo[a] @mean_rent_lima[b], numbers with one decimal place.",
        "mean_rent_oslo: mean of `rent` where `city` is “Oslo”; "
        "mean_rent_lima: mean of `rent` where `city` is “Lima”",
    ),
    (
        "flats",
        'Create a column "PerRoom" by dividing "rent" by "bedrooms". What is its median?',
        "",
        "@median_per_room[m], rounded to two decimals.",
        "median_per_room: median of `PerRoom`, after these steps: `PerRoom` = `rent` / `bedrooms`",
    ),
    (
        "patients",
        'How many values of "Weight (kg)" are missing? Fill missing values of "Weight (kg)" with the median.',
        "Report the mean afterwards.",
        "@missing_weight[n] @mean_weight[m]",
        "missing_weight: count of the number of missing values in `Weight (kg)` "
        "before all steps; mean_weight: mean of",
    ),
    (
        "flats",
        "Which city has the highest average rent?",
        "Group by city.",
        "@city[name]",
        "city: ",
    ),
]
SILENT = [
    ('What is the mean of "rent"?', "", "@mean_wage[m]"),
    ('Predict "rent" from "floorspace" with a linear regression.', "", "@rmse[e]"),
    ('Remove the outliers of "rent" and compute its mean.', "", "@mean_rent[m]"),
    ('Compute the correlation of "rent", "floorspace" and "bedrooms".', "", "@r[value]"),
    ('Create a column "Score" from "rent". What is its mean?', "", "@mean_score[m]"),
    ('What is the mean "rent"?', "Multiply it by 12.", "@mean_rent[m]"),
    ('Is "rent" normally distributed?', "", "@is_normal[answer] where answer is 'yes' or 'no'"),
]


@pytest.mark.parametrize(("table", "question", "constraints", "form", "expected"), READ)
def test_a_task_is_read_as(table: str, question: str, constraints: str, form: str, expected: str) -> None:
    found = understand(task(question, constraints, form), [PROFILES[table]])
    assert isinstance(found, Planned), found
    assert found.sentence.startswith(expected)


@pytest.mark.parametrize(("question", "constraints", "form"), SILENT)
def test_a_task_with_an_open_part_is_not_answered(question: str, constraints: str, form: str) -> None:
    assert isinstance(understand(task(question, constraints, form), [PROFILES["flats"]]), Abstained)


def test_rules_choose_the_word() -> None:
    found = understand(
        task(
            'Is there a correlation between "rent" and "floorspace"?',
            "Consider it to be strong if the p-value is less than 0.05 and the absolute value of r is "
            "greater than or equal to 0.5. Consider it to be weak if the p-value is less than 0.05 and the "
            "absolute value of r is less than 0.5. Otherwise report none.",
            '@r[value] @kind[word] where "value" is rounded to two decimals and '
            '"word" is a string that is either "strong", "weak" or "none".',
        ),
        [PROFILES["flats"]],
    )
    assert isinstance(found, Planned), found
    assert '"strong"' in found.code
    assert '"weak"' in found.code
    assert '"none"' in found.code
