"""Regressions, models and clusters as statsmodels and scikit-learn code; each part as an expression."""

from ..plan import Clusters, Column, Model, Regression
from .draft import Draft
from .layout import call
from .literals import column_key, literal

_CLASSES = {
    "linear_regression": ("linear_model", "LinearRegression"),
    "ridge": ("linear_model", "Ridge"),
    "lasso": ("linear_model", "Lasso"),
    "logistic_regression": ("linear_model", "LogisticRegression"),
    "decision_tree_classifier": ("tree", "DecisionTreeClassifier"),
    "decision_tree_regressor": ("tree", "DecisionTreeRegressor"),
    "random_forest_classifier": ("ensemble", "RandomForestClassifier"),
    "random_forest_regressor": ("ensemble", "RandomForestRegressor"),
    "gradient_boosting_classifier": ("ensemble", "GradientBoostingClassifier"),
    "gradient_boosting_regressor": ("ensemble", "GradientBoostingRegressor"),
    "knn_classifier": ("neighbors", "KNeighborsClassifier"),
    "knn_regressor": ("neighbors", "KNeighborsRegressor"),
    "svc": ("svm", "SVC"),
    "naive_bayes": ("naive_bayes", "GaussianNB"),
}
_SCORES = {
    "accuracy": "accuracy_score",
    "precision": "precision_score",
    "recall": "recall_score",
    "f1": "f1_score",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "r_squared": "r2_score",
}
_LINEAR = frozenset({"linear_regression", "ridge", "lasso", "logistic_regression"})
_SEEDED = ("decision_tree", "random_forest", "gradient_boosting")


def regression_part(finding: Regression, part: str, frame: str, draft: Draft, column: Column | None) -> str:
    """The expression of a part of a least squares fit."""
    fit, rows = draft.once((finding, frame), lambda: _regression(finding, frame, draft))
    key = column_key(column) if column is not None else '"const"'
    forms: dict[str, str] = {
        "intercept": f'{fit}.params["const"]',
        "coefficient": f"{fit}.params[{key}]",
        "coefficient_p_value": f"{fit}.pvalues[{key}]",
        "r_squared": f"{fit}.rsquared",
        "value": f"{fit}.rsquared",
        "adjusted_r_squared": f"{fit}.rsquared_adj",
        "p_value": f"{fit}.f_pvalue",
        "rmse": f"({fit}.resid**2).mean() ** 0.5",
        "mse": f"({fit}.resid**2).mean()",
        "mae": f"{fit}.resid.abs().mean()",
        "rows": f"len({rows})",
    }
    return forms[part]


def coefficients(finding: Regression, frame: str, draft: Draft) -> str:
    """The expression of all coefficients of a fit, by feature."""
    fit, _ = draft.once((finding, frame), lambda: _regression(finding, frame, draft))
    return f'{fit}.params.drop("const")'


def _regression(finding: Regression, frame: str, draft: Draft) -> tuple[str, str]:
    rows = _complete((*finding.features, finding.target), frame, draft)
    features = ", ".join(map(column_key, finding.features))
    sm = draft.module("statsmodels.api", "sm")
    inputs = f"{sm}.add_constant({rows}[[{features}]].astype(float))"
    outputs = f"{rows}[{column_key(finding.target)}].astype(float)"
    return draft.let("fit", f"{call(f'{sm}.OLS', [outputs, inputs], 20)}.fit()"), rows


def _complete(columns: tuple[Column, ...], frame: str, draft: Draft) -> str:
    """The rows that have a value in each of the columns."""
    keys = ", ".join(map(column_key, columns))
    return draft.once(
        ("complete", columns, frame), lambda: draft.let("complete_rows", f"{frame}[[{keys}]]", ".dropna()")
    )


class Trained:
    """The names of a trained model's parts in the cell."""

    def __init__(self, finding: Model, frame: str, draft: Draft) -> None:
        features, target = self._data(finding, frame, draft)
        if finding.split is None:
            self.x_train = self.x_test = features
            self.y_train = self.y_test = target
        else:
            self._divide(finding, features, target, draft)
        module, name = _CLASSES[finding.method]
        made = f"{draft.function(f'sklearn.{module}', name)}({', '.join(_options(finding))})"
        self.model = draft.let("model", made, f".fit({self.x_train}, {self.y_train})")
        self._finding, self._draft = finding, draft

    def _data(self, finding: Model, frame: str, draft: Draft) -> tuple[str, str]:
        """Write the features and the target of the rows that have them all."""
        encoded = [column.name for column in finding.features if column.name in draft.replaced]
        plain = [column for column in finding.features if column.name not in encoded]
        keys = list(map(column_key, plain))
        if encoded:
            starts = ", ".join(literal(f"{name}_") for name in encoded)
            names = f"[name for name in {frame}.columns if str(name).startswith(({starts},))]"
            keys.append(f"*{draft.shared('encoded_columns', names)}")
        listed, target = ", ".join(keys), column_key(finding.target)
        self.rows = draft.shared("complete_rows", f"{frame}[[{listed}, {target}]].dropna()")
        features = f"{self.rows}[[{listed}]]"
        if draft.texts is None or any(column.name in draft.texts for column in plain):
            draft.comment("text becomes one column of 0 and 1 for each value")
            features = f"{draft.module('pandas', 'pd')}.get_dummies({features}, dtype=int)"
        return draft.let("features", features), draft.let("target", f"{self.rows}[{target}]")

    def _divide(self, finding: Model, features: str, target: str, draft: Draft) -> None:
        assert finding.split is not None
        wishes = ("x_train", "x_test", "y_train", "y_test")
        self.x_train, self.x_test, self.y_train, self.y_test = (draft.names.new(wish) for wish in wishes)
        split = draft.function("sklearn.model_selection", "train_test_split")
        options = [f"test_size={finding.split.test_size!r}", f"random_state={finding.split.random_state}"]
        options += [f"stratify={target}"] if finding.split.stratify else []
        names = ", ".join([self.x_train, self.x_test, self.y_train, self.y_test])
        draft.add(f"{names} = {call(split, [features, target, *options], len(names) + 3)}")

    def predicted(self) -> str:
        """The predictions for the rows that judge the model."""
        threshold = self._finding.threshold
        plain = f"{self.model}.predict({self.x_test})"
        found = plain if threshold is None else f"({plain} >= {literal(threshold)}).astype(int)"
        return self._draft.once(("predicted", self.model), lambda: self._draft.let("predicted", found))

    def weights(self) -> str:
        """The model's weight of each feature."""
        pd = self._draft.module("pandas", "pd")
        linear = self._finding.method in _LINEAR
        found = f"{self.model}.coef_.ravel()" if linear else f"{self.model}.feature_importances_"
        wish = "coefficients" if linear else "importances"
        series = f"{pd}.Series({found}, index={self.x_train}.columns)"
        return self._draft.once(("weights", self.model), lambda: self._draft.let(wish, series))


def _options(finding: Model) -> list[str]:
    options = [f"n_estimators={finding.estimators}"] if finding.estimators is not None else []
    options += [f"n_neighbors={finding.neighbors}"] if finding.neighbors is not None else []
    options += [f"max_depth={finding.max_depth}"] if finding.max_depth is not None else []
    options += [f"max_iter={finding.max_iter}"] if finding.max_iter is not None else []
    options += ['class_weight="balanced"'] if finding.balanced else []
    if finding.method.startswith(_SEEDED) and finding.seed is not None:
        options.append(f"random_state={finding.seed}")
    return options


def model_part(finding: Model, part: str, frame: str, draft: Draft, column: Column | None, rank: int) -> str:
    """The expression of a part of a trained model."""
    trained = draft.once((finding, frame), lambda: Trained(finding, frame, draft))
    key = column_key(column) if column is not None else ""
    match part:
        case "auc":
            score = draft.function("sklearn.metrics", "roc_auc_score")
            return f"{score}({trained.y_test}, {trained.model}.predict_proba({trained.x_test})[:, 1])"
        case "rmse":
            score = draft.function("sklearn.metrics", "mean_squared_error")
            return f"{score}({trained.y_test}, {trained.predicted()}) ** 0.5"
        case "train_rows" | "test_rows":
            return f"len({trained.x_train if part == 'train_rows' else trained.x_test})"
        case "rows":
            return f"len({trained.rows})"
        case "intercept":
            return f"float({trained.model}.intercept_)"
        case "coefficient" | "importance":
            return f"{trained.weights()}[{key}]"
        case "important_feature":
            sizes = f"{trained.weights()}.abs()" if finding.method in _LINEAR else trained.weights()
            return f"{sizes}.nlargest({rank}).index[-1]"
        case _:
            score = draft.function("sklearn.metrics", _SCORES[part])
            return f"{score}({trained.y_test}, {trained.predicted()})"


def clusters_part(finding: Clusters, part: str, frame: str, draft: Draft) -> str:
    """The expression of a part of a clustering."""
    points, model = draft.once((finding, frame), lambda: _clusters(finding, frame, draft))
    match part:
        case "silhouette":
            return f"{draft.function('sklearn.metrics', 'silhouette_score')}({points}, {model}.labels_)"
        case "sizes":
            pd = draft.module("pandas", "pd")
            return f"{pd}.Series({model}.labels_).value_counts().tolist()"
        case "rows":
            return f"len({points})"
        case _:
            return f"{model}.inertia_"


def _clusters(finding: Clusters, frame: str, draft: Draft) -> tuple[str, str]:
    points = _complete(finding.columns, frame, draft)
    if finding.scaled:
        scaler = draft.function("sklearn.preprocessing", "StandardScaler")
        points = draft.let("points", f"{scaler}().fit_transform({points})")
    means = draft.function("sklearn.cluster", "KMeans")
    options = f"n_clusters={finding.count}, n_init=10, random_state={finding.random_state}"
    return points, draft.let("clusters", f"{means}({options}).fit({points})")
