"""scikit-learn's safe functions and estimators, as data.

Estimators compute on what they are given. Left out: example data that is fetched, and anything that
saves, loads or caches on disk (`memory=` is caught with the arguments).
"""

from .wordlists import under

SKLEARN = (
    under(
        "sklearn.linear_model",
        """
        ARDRegression BayesianRidge ElasticNet ElasticNetCV GammaRegressor HuberRegressor Lars Lasso
        LassoCV LassoLars LinearRegression LogisticRegression LogisticRegressionCV
        OrthogonalMatchingPursuit Perceptron PoissonRegressor QuantileRegressor RANSACRegressor Ridge
        RidgeCV RidgeClassifier SGDClassifier SGDRegressor TheilSenRegressor TweedieRegressor
    """,
    )
    | under(
        "sklearn.ensemble",
        """
        AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor ExtraTreesClassifier
        ExtraTreesRegressor GradientBoostingClassifier GradientBoostingRegressor
        HistGradientBoostingClassifier HistGradientBoostingRegressor IsolationForest
        RandomForestClassifier RandomForestRegressor StackingClassifier StackingRegressor VotingClassifier
        VotingRegressor
    """,
    )
    | under(
        "sklearn.tree",
        """
        DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor export_text
        plot_tree
    """,
    )
    | under("sklearn.svm", "SVC SVR LinearSVC LinearSVR NuSVC NuSVR OneClassSVM")
    | under(
        "sklearn.neighbors",
        "KNeighborsClassifier KNeighborsRegressor KernelDensity LocalOutlierFactor NearestNeighbors",
    )
    | under("sklearn.naive_bayes", "BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB")
    | under(
        "sklearn.cluster",
        """
        AgglomerativeClustering Birch DBSCAN HDBSCAN KMeans MeanShift MiniBatchKMeans OPTICS
        SpectralClustering
    """,
    )
    | under("sklearn.mixture", "BayesianGaussianMixture GaussianMixture")
    | under(
        "sklearn.decomposition",
        "FactorAnalysis FastICA IncrementalPCA KernelPCA LatentDirichletAllocation NMF PCA TruncatedSVD",
    )
    | under("sklearn.manifold", "Isomap LocallyLinearEmbedding MDS SpectralEmbedding TSNE")
    | under(
        "sklearn.preprocessing",
        """
        Binarizer KBinsDiscretizer LabelBinarizer LabelEncoder MaxAbsScaler MinMaxScaler
        MultiLabelBinarizer Normalizer OneHotEncoder OrdinalEncoder PolynomialFeatures PowerTransformer
        QuantileTransformer RobustScaler SplineTransformer StandardScaler TargetEncoder label_binarize
        minmax_scale normalize robust_scale scale
    """,
    )
    | under(
        "sklearn.model_selection",
        """
        GridSearchCV GroupKFold KFold LeaveOneOut ParameterGrid RandomizedSearchCV RepeatedKFold
        RepeatedStratifiedKFold ShuffleSplit StratifiedKFold StratifiedShuffleSplit TimeSeriesSplit
        cross_val_predict cross_val_score cross_validate learning_curve permutation_test_score
        train_test_split validation_curve
    """,
    )
    | under(
        "sklearn.metrics",
        """
        ConfusionMatrixDisplay PrecisionRecallDisplay RocCurveDisplay
        ConfusionMatrixDisplay.from_estimator ConfusionMatrixDisplay.from_predictions
        RocCurveDisplay.from_estimator RocCurveDisplay.from_predictions accuracy_score adjusted_rand_score
        auc average_precision_score balanced_accuracy_score brier_score_loss calinski_harabasz_score
        classification_report cohen_kappa_score confusion_matrix davies_bouldin_score
        explained_variance_score f1_score fbeta_score log_loss matthews_corrcoef max_error
        mean_absolute_error mean_absolute_percentage_error mean_poisson_deviance mean_squared_error
        mean_squared_log_error median_absolute_error mutual_info_score normalized_mutual_info_score
        pairwise_distances precision_recall_curve precision_recall_fscore_support precision_score r2_score
        recall_score roc_auc_score roc_curve root_mean_squared_error silhouette_samples silhouette_score
        top_k_accuracy_score
    """,
    )
    | under("sklearn.pipeline", "FeatureUnion Pipeline make_pipeline make_union")
    | under(
        "sklearn.compose",
        "ColumnTransformer TransformedTargetRegressor make_column_selector make_column_transformer",
    )
    | under("sklearn.impute", "KNNImputer MissingIndicator SimpleImputer")
    | under(
        "sklearn.feature_selection",
        """
        RFE RFECV SelectFromModel SelectKBest SelectPercentile SequentialFeatureSelector VarianceThreshold
        chi2 f_classif f_regression mutual_info_classif mutual_info_regression
    """,
    )
    | under("sklearn.inspection", "PartialDependenceDisplay partial_dependence permutation_importance")
    | under("sklearn.dummy", "DummyClassifier DummyRegressor")
    | under("sklearn.discriminant_analysis", "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis")
    | under("sklearn.neural_network", "MLPClassifier MLPRegressor")
    | under("sklearn.gaussian_process", "GaussianProcessClassifier GaussianProcessRegressor")
    | under(
        "sklearn.datasets",
        """
        load_breast_cancer load_diabetes load_iris load_wine make_blobs make_classification make_moons
        make_regression
    """,
    )
)
