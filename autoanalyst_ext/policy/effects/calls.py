"""`Calls`: what a call may do and what it gives back.

A call is safe when what is called is on a list (`catalog.py`, `methods.py`) or defined in this code, and its
arguments do not turn it into something else: a file to write, a text that is run, a value that is changed.
"""

import ast
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from . import datafiles, denied, methods, results, texts
from .allowed import NUMPY_PAIRS, NUMPY_TRIPLES, NUMPY_UNARY
from .arguments import Given
from .charts import DRAWING, STYLE_FILES
from .learning import SKLEARN
from .reader import Reader, short
from .seen import PLAIN, TABULAR, UNKNOWN, Kind, LocalFunction, Seen
from .wordlists import word_set

_POSITIONAL = dict.fromkeys(NUMPY_UNARY, 1) | dict.fromkeys(NUMPY_PAIRS, 2) | dict.fromkeys(NUMPY_TRIPLES, 3)
_POSITIONAL |= {"builtins.type": 1, "pandas.pivot_table": 4, "pandas.crosstab": 4}
_CALLS_FIRST = word_set("""
    builtins.map builtins.filter functools.reduce itertools.starmap itertools.takewhile
    itertools.dropwhile numpy.apply_along_axis matplotlib.ticker.FuncFormatter
""")
_PLAIN_LISTS = word_set("tolist to_list to_dict to_dicts rows")
GUARDED = (
    datafiles.READERS
    | STYLE_FILES
    | methods.CHANGES_ARGUMENT
    | _CALLS_FIRST
    | NUMPY_TRIPLES
    | {
        "builtins.print",
        "pprint.pprint",
        "matplotlib.ticker.StrMethodFormatter",
        "pandas.crosstab",
        "pandas.pivot_table",
    }
)
"""Functions that are only to be called, never handed over: their arguments have to be seen."""
_CALLABLE: tuple[Kind, ...] = ("function", "local", "method", "expression")


class Calls(Reader):
    """Reads calls."""

    @abstractmethod
    def value(self, node: ast.expr) -> Seen:
        """What an expression gives."""

    @abstractmethod
    def chain(self, node: ast.expr, *, called: bool = False) -> Seen:
        """The same for a name or attribute that more follows on."""

    @abstractmethod
    def summary(self, function: LocalFunction) -> Seen:
        """What a function of this code gives back."""

    def call(self, node: ast.Call) -> Seen:
        """Read a call."""
        callee = self.chain(node.func, called=True)
        given = self._given(node)
        match callee.kind:
            case "function":
                return self._call_function(callee.path, given)
            case "local" if callee.function is not None:
                result = self.summary(callee.function)
                return result if callee.own else result.from_outside()
            case "method" if callee.receiver is not None:
                return self._call_method(callee.receiver, callee.path, given)
            case "unknown" if callee.path:
                return self.report_path(node, callee.path)
            case "unknown" if any(finding.line == node.lineno for finding in self.found):
                return UNKNOWN  # said already
        words = f"calls `{short(node.func)}`, and what it does is not known"
        return self.report("unknown", node, words)

    def _given(self, node: ast.Call) -> Given:
        positional, starred = [], False
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                starred = True
                positional.append(self.value(argument.value).element())
            else:
                positional.append(self.value(argument))
        keywords: dict[str, Seen] = {}
        spread = False
        for keyword in node.keywords:
            seen = self.value(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = seen
            else:
                spread = True
        return Given(node, tuple(positional), keywords, starred, spread)

    # functions

    def _call_function(self, path: str, given: Given) -> Seen:
        node = given.node
        if path in datafiles.READERS:
            self._read_file(path, given)
        if path in STYLE_FILES:
            self._known_text(given, lambda text: text.replace("-", "").replace("_", "").isalnum(), "a style")
        if path.startswith("statsmodels.formula.api."):
            self._known_text(given, texts.is_plain_formula, "a formula", "formula")
        if path == "matplotlib.ticker.StrMethodFormatter":
            self._known_text(given, texts.is_plain_format, "a format")
        if path in methods.CHANGES_ARGUMENT and node.args:
            self.change(node.args[0], given.positional[0])
        if path in _CALLS_FIRST and given.positional:
            self._callable(node.args[0], given.positional[0])
            self._check_handed_on(given, len(given.positional) - 1, more=path == "itertools.starmap")
        if path == "pandas.NamedAgg" and "aggfunc" not in given.keywords:
            self._by_name(node, given.positional[1] if len(given.positional) > 1 else UNKNOWN)
        self._check_function(path, given)
        self._check_keywords(None, given)
        return results.of_function(path, given)

    def _check_function(self, path: str, given: Given) -> None:
        node, most = given.node, _POSITIONAL.get(path)
        if most is not None and (len(given.positional) > most or given.starred):
            self.report("change", node, f"calls `{path}` with an argument that it may write to")
        careful = given.spread and path not in DRAWING and path != "builtins.dict"
        if careful or (given.starred and path in GUARDED and path != "builtins.print"):
            self.report("unknown", node, f"calls `{path}` with arguments that are not written in the code")
        if path in ("builtins.print", "pprint.pprint") and {"file", "stream"} & set(given.keywords):
            self.report("write", node, f"prints into a file (`{short(node)}`)")
        if path in SKLEARN:
            for name in ("memory", "copy", "copy_X", "copy_x"):
                if name in given.keywords and not given.is_constant(name, name != "memory" or None):
                    self.report("change", node, f"`{name}=` may change its data in place or write files")
        if path == "numpy.nan_to_num" and node.args and "copy" in given.keywords:
            self.change(node.args[0], given.positional[0])
        if path.endswith("display") and "raw" in given.keywords:
            self.report("reflect", node, "shows raw HTML or script (`display` with `raw`)")
        if path == "numpy.load" and "allow_pickle" in given.keywords:
            self.report("reflect", node, "reads a pickle (`numpy.load` with `allow_pickle`)")

    def _read_file(self, path: str, given: Given) -> None:
        source = given.first(*datafiles.FILE_KEYWORDS)
        buffer = given.node.args[0] if given.node.args else None
        if isinstance(buffer, ast.Call) and self._is_buffer(buffer):
            return
        if source is None or source.texts is None or source.kind != "text":
            words = f"reads a file whose name is not written in the code (`{short(given.node)}`)"
            self.report("read", given.node, words)
            return
        for text in sorted(source.texts):
            words = datafiles.objection(text, self.before.folder) or ""
            if words:
                self.report("network" if words.endswith("the network") else "read", given.node, words)

    def _is_buffer(self, node: ast.Call) -> bool:
        return self.chain(node.func, called=True).path == "io.StringIO"

    def _known_text(self, given: Given, is_plain: Callable[[str], bool], what: str, *keywords: str) -> None:
        source = given.first(*keywords)
        known = source.texts if source is not None and source.kind == "text" else None
        if known is None or not all(map(is_plain, known)):
            name = short(given.node.func)
            self.report("reflect", given.node, f"gives `{name}` {what} that can run code or open files")

    def _callable(self, node: ast.expr, seen: Seen) -> None:
        """What is called back has to be known."""
        if seen.kind not in _CALLABLE and not (isinstance(node, ast.Constant) and node.value is None):
            self.report("unknown", node, f"calls `{short(node)}`, and what it does is not known")

    # methods

    def _check_handed_on(self, given: Given, count: int, *, more: bool) -> None:
        """`map(np.sqrt, xs, outs)`: what is called back may get more arguments than it may have.

        It gets `count` by position, and `more` when the call hands it a tuple of them.
        """
        for seen in given.all:
            limits = {"function": _POSITIONAL, "method": methods.POSITIONAL}.get(seen.kind, {})
            most = limits.get(seen.path)
            if most is not None and (more or given.starred or count > most):
                words = f"calls `{seen.path}` with an argument that it may write to"
                self.report("change", given.node, words)

    def _call_method(self, receiver: Seen, name: str, given: Given) -> Seen:
        node, of = given.node, given.node.func
        base = of.value if isinstance(of, ast.Attribute) else of
        words = short(of)
        if name == "format":
            self._format(receiver, given)
        elif name == "show":
            if (
                given.positional
                or set(given.keywords) - {"block", "config", "width", "height"}
                or given.spread
            ):
                self.report("network", node, f"shows a chart with another program (`{short(node)}`)")
        elif name == "query":
            self._known_text(given, texts.is_plain_query, "a query", "expr")
        elif name not in methods.SAFE:
            self._not_listed(name, words, given)
            return UNKNOWN
        if name in methods.AS_TEXT and (
            given.positional
            or given.spread
            or {"path_or_buf", "buf", "path", "path_or_buffer"} & set(given.keywords)
        ):
            self._not_listed(name, words, given)
        if self._changes(receiver, name):
            self.change(base, receiver)
            if name in methods.STORES:
                self.store_in(receiver, *given.all)
        if name in methods.BY_NAME:
            self._check_aggregates(given)
        if name in methods.CALLBACKS:
            self._check_handed_on(given, len(given.positional), more="args" in given.keywords)
        most = methods.POSITIONAL.get(name)
        if most is not None and receiver.kind != "text" and (len(given.positional) > most or given.starred):
            self.report("change", node, f"calls `{words}` with an argument that it may write to")
        self._check_spread(receiver, name, given)
        self._check_keywords(receiver, given)
        return self._result_of_method(receiver, name, given)

    def _not_listed(self, name: str, words: str, given: Given) -> None:
        first = given.first("path_or_buf", "fname", "path", "buf", "file")
        effect, sentence = denied.of_method(name, words)
        if effect == "write" and first is not None and first.kind == "text" and first.texts:
            sentence = "writes " + ", ".join(sorted(first.texts))
        self.report(effect, given.node, sentence)

    def _changes(self, receiver: Seen, name: str) -> bool:
        if name in methods.CHANGES_UNLESS_TABLE:
            return receiver.kind not in ("table", "column", "expression")
        if name == "sort" and receiver.kind in ("table", "expression"):
            return False
        return name in methods.CHANGES or (name in methods.DRAWS and receiver.kind == "data")

    def _format(self, receiver: Seen, given: Given) -> None:
        if receiver.kind == "text" and receiver.texts is not None:
            formats = receiver.texts
        else:
            known = [seen.texts for seen in given.all]
            if any(entry is None for entry in known) or given.spread or given.starred:
                words = "formats with a text that is not written in the code"
                self.report("reflect", given.node, words)
                return
            formats = frozenset().union(*(entry or frozenset() for entry in known))
        if not all(texts.is_plain_format(text) for text in formats):
            self.report("reflect", given.node, "reads attributes through a format text")

    def _check_aggregates(self, given: Given) -> None:
        """`agg`, `apply` and `transform` call methods by their names."""
        node = given.node
        for argument, seen in zip(node.args[:1], given.positional, strict=False):
            self._by_name(argument, seen)
        for keyword in node.keywords:
            value = keyword.value
            if isinstance(value, ast.Tuple) and len(value.elts) == 2:
                value = value.elts[1]
                self._by_name(value, self._again(value))
            elif keyword.arg == "func" or (keyword.arg not in _APPLY_OPTIONS and keyword.arg is not None):
                self._by_name(value, given.keywords[keyword.arg])
        if given.starred:
            self.report(
                "unknown", node, f"calls `{short(node.func)}` with arguments that are not written in the code"
            )

    def _again(self, node: ast.expr) -> Seen:
        self.muted += 1
        seen = self.value(node)
        self.muted -= 1
        return seen

    def _by_name(self, node: ast.AST, seen: Seen) -> None:
        if seen.kind in _CALLABLE or seen.kind == "unknown":
            return
        if seen.texts is None:
            self.report("unknown", node, f"calls `{short(node)}`, and what it does is not known")
        for text in sorted((seen.texts or frozenset()) - methods.REDUCERS):
            self.report("unknown", node, f"calls the method `{text}` by its name")

    def _check_spread(self, receiver: Seen, name: str, given: Given) -> None:
        """`**style` is for charts; anywhere else it may say `inplace`."""
        chart = receiver.kind == "data" and (name in methods.DRAWS or name in methods.FIGURE_CHANGES)
        if given.spread and not chart and name != "assign":
            words = f"calls `{short(given.node.func)}` with arguments that are not written in the code"
            self.report("unknown", given.node, words)

    def _check_keywords(self, receiver: Seen | None, given: Given) -> None:
        """Keywords that mean the same everywhere."""
        node = given.node
        for keyword in node.keywords:
            name = keyword.arg or ""
            seen = given.keywords.get(name, PLAIN)
            if name in methods.IN_PLACE and not given.is_constant(name, False):
                of = node.func.value if isinstance(node.func, ast.Attribute) else node.func
                self.change(of, receiver or UNKNOWN)
                if receiver is None:
                    self.report("change", node, f"changes a value in place (`{short(node)}`)")
            elif name in methods.DRAWS_ON and not given.is_constant(name, None):
                # A tuple of arrays or a list of axes is ours only with all it holds.
                self.change(keyword.value, seen if seen.kind in TABULAR else replace(seen, own=seen.deep))
            elif name.startswith("overwrite") and not given.is_constant(name, False):
                self.report("change", node, f"changes a value in place (`{short(node)}`)")
            elif name == "backend" and not (seen.texts and seen.texts <= {"plotly", "matplotlib"}):
                self.report("unknown", node, f"draws with another program (`{short(node)}`)")
            elif name == "key" and seen.kind not in ("text", "table") and not given.is_constant(name, None):
                self._callable(keyword.value, seen)
            elif name in ("aggfunc", "func") or (name == "estimator" and seen.kind == "text"):
                self._by_name(keyword.value, seen)
            elif name in ("images", "geojson") or (name == "source" and seen.kind == "text"):
                self.report("network", node, f"shows something that the browser fetches (`{name}=`)")
            elif name == "storage_options":
                self.report("network", node, f"reads from elsewhere (`{short(node)}`)")

    def _result_of_method(self, receiver: Seen, name: str, given: Given) -> Seen:
        if name in methods.PARTS or (name in methods.PARTS_UNLESS_TABLE and receiver.kind != "table"):
            deep = receiver.deep and given.deep
            return Seen(own=deep, held=deep, whose=receiver.whose)
        if name in methods.GROUPS:
            return Seen("table", own=True, path="groups", whose=receiver.whose)
        if self._changes(receiver, name):
            return receiver.view()
        if name in methods.VIEWS or given.shares:
            seen = receiver.view() if receiver.kind in TABULAR else receiver.element()
            return replace(seen, kind="array") if name in methods.ARRAYS else seen
        if name in methods.DRAWS:
            return PLAIN
        kind: Kind = "data" if name in _PLAIN_LISTS else receiver.view().kind
        own = name not in methods.CALLBACKS or all(self._gives_new(seen) for seen in given.all)
        held = name in methods.REDUCES or (receiver.deep and given.deep)
        return Seen(kind, own=own, held=held, whose=receiver.whose)

    def _gives_new(self, seen: Seen) -> bool:
        """`df.pipe(lambda t: t)` is `df`: what is called back may hand an existing value through."""
        if seen.kind == "local" and seen.function is not None:
            return self.summary(seen.function).own
        return seen.kind not in ("method", "local")


_APPLY_OPTIONS = word_set("""
    axis raw result_type args by_row engine engine_kwargs include_groups convert_dtype numeric_only ddof q
    skipna min_count n return_dtype meta maintain_order
""")
