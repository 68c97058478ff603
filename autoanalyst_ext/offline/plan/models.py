"""Models of the plan language: regressions, classifiers and clusters, with all that makes them repeatable.

Rows that miss a value in a feature or the target are left out.
"""

from typing import Literal

from ...types.value import Value
from .measures import Column


class Regression(Value):
    """Least squares over all rows, with an intercept.

    Parts: intercept, r_squared, adjusted_r_squared, rmse; with `column`: coefficient, coefficient_p_value;
    `p_value` of the whole (F test).
    """

    kind: Literal["regression"] = "regression"
    target: Column
    features: tuple[Column, ...]


class Split(Value):
    """How rows are divided before a model is trained."""

    test_size: float = 0.2
    random_state: int = 42
    stratify: bool = False


class Model(Value):
    """A scikit-learn model that is trained on one part of the rows and judged by the other.

    Parts: accuracy, precision, recall, f1, auc, mse, rmse, mae, r_squared, intercept, train_rows, test_rows;
    with `column`: coefficient, importance; with `rank` (1 is the largest): important_feature.
    """

    kind: Literal["model"] = "model"
    method: Literal[
        "linear_regression", "logistic_regression", "decision_tree_classifier", "decision_tree_regressor",
        "random_forest_classifier", "random_forest_regressor", "knn_classifier", "knn_regressor", "svc",
        "naive_bayes", "ridge", "lasso", "gradient_boosting_classifier", "gradient_boosting_regressor",
    ]  # fmt: skip
    target: Column
    features: tuple[Column, ...]
    """Text and category features are one-hot encoded (`pd.get_dummies`) where no step encoded them."""
    split: Split | None = Split()
    """`None` trains and judges on all rows."""
    seed: int | None = 42
    """The `random_state` of methods that have one; `None` leaves it out."""
    estimators: int | None = None
    neighbors: int | None = None
    max_depth: int | None = None
    max_iter: int | None = None
    """Of `logistic_regression`; `None` leaves scikit-learn's own."""
    balanced: bool = False
    """`class_weight="balanced"`."""
    threshold: float | None = None
    """Predictions of a regression at or above this count as 1, so that it can be judged by accuracy."""


class Clusters(Value):
    """K-means. Parts: inertia, silhouette, sizes (from the largest on), centers."""

    kind: Literal["clusters"] = "clusters"
    columns: tuple[Column, ...]
    count: int
    scaled: bool = True
    """Over z-scores of the columns."""
    random_state: int = 42
