"""Outliers of a task: by which rule, of which column, and whether they are to be removed."""

import re

from ...types.profiles import ColumnProfile
from ..plan.steps import DropOutliers, Fences, OutlierRule, ZScore
from ..questions.conditions import column_of
from ..words.schema import is_numeric, words_of
from .cleaning import sentences
from .scene import Scene, TaskError


def outlier_rule(scene: Scene) -> OutlierRule:
    """How the task says that outliers are found."""
    fences = scene.says(r"\biqr\b|interquartile|quartile range|first quartile|\bq1\b")
    if fences:
        factors = {
            float(m[1] or m[2])
            for m in re.finditer(
                r"(\d\.\d+|\d)\s*(?:\*|x|×|times)?\s*(?:the\s+)?\(?(?:iqr|interquartile)|threshold\s+of\s+(\d\.\d+|\d)",
                scene.lower,
            )
        }
        if len(factors) > 1:
            raise TaskError("the task names several factors for the quartile range")
        return Fences(factor=factors.pop() if factors else 1.5)
    if scene.says(r"z[\s-]?scores?|standard deviations?\s+(?:from|away)"):
        thresholds = {
            float(m[1] or m[2] or m[3])
            for m in re.finditer(
                r"threshold\s+of\s+(\d(?:\.\d+)?)|(?:greater\s+than|higher\s+than|more\s+than|larger\s+than|above|over|beyond)\s+(\d(?:\.\d+)?)\b(?!\s*times)"
                r"|exceeds?\s+(\d(?:\.\d+)?)",
                scene.lower,
            )
        }
        if len(thresholds) > 1:
            raise TaskError("the task names several thresholds")
        both = scene.says(r"less than\s+-|absolute|threshold|below\s+-|from the mean")
        ddof = 1 if scene.says(r"sample standard deviation|ddof\s*=\s*1") else 0
        one = scene.says(r"z-?score\s+is\s+greater than") and not both
        return ZScore(
            threshold=thresholds.pop() if thresholds else 3.0, side="high" if one else "both", ddof=ddof
        )
    raise TaskError("the task does not say how outliers are found")


def outlier_column(scene: Scene) -> ColumnProfile | None:
    """The one numeric column that the sentences about outliers name."""
    found: dict[str, ColumnProfile] = {}
    for sentence in re.split(r"(?<=[.;])\s+|\n", scene.text.text):
        if re.search("outlier", sentence, re.IGNORECASE):
            found |= {c.name: c for c in scene.text.columns(sentence) if is_numeric(c)}
    timeless = [c for c in found.values() if "year" not in words_of(c.name)]
    return timeless[0] if len(timeless) == 1 else None


def drops_outliers(scene: Scene) -> bool:
    """Whether outliers are to be removed, and not only found."""
    for sentence in sentences(scene):
        if re.search(r"outlier", sentence) and re.search(
            r"do not remove|don't remove|without removing", sentence
        ):
            return False
    return scene.says(
        r"remov\w+\s+(?:any\s+|the\s+|these\s+|all\s+|identified\s+)*outliers|outliers?[^.]{0,60}\bremov|"
        r"after removing|remove them|without (?:these |the )?outliers|exclud\w+\s+(?:the\s+)?outliers"
    )


def drop_outliers(scene: Scene, column: ColumnProfile) -> DropOutliers:
    """The step that removes them."""
    return DropOutliers(column=column_of(column), rule=outlier_rule(scene))
