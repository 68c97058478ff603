"""What the check calls safe is run for real: it never changes a value that was there before.

Random little programs hand tables, lists and dictionaries around and change some of them. Most are not safe
and are skipped; the others are executed.
"""

import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from autoanalyst_ext.policy.effects import NamesBefore, findings, names_after

EXPRESSIONS = """
{a} ~ {a}.copy() ~ [{a}] ~ ({a}, {b}) ~ {"k": {a}} ~ {a} or {b} ~ ({a} if n else {b}) ~ {a}[0] ~
{a}["k"] ~ {a}["a"] ~ {a}["o"] ~ {a}.head(2) ~ {a}.T ~ list({a}) ~ sorted([{a}], key=len) ~
same({a}) ~ fresh({a}) ~ [t for t in {a}] ~ {a}.get("k") ~ max([{a}], key=len) ~ dict(k={a}) ~
{a}[:1] ~ [*{a}] ~ {a}.loc[0] ~ next(iter({a})) ~ (w := {a}) ~ {a}.assign(q=1) ~ {a} + {a} ~
{a}.pop() ~ (lambda t: t)({a}) ~ (lambda t: [t])({a}) ~ list(zip({a}, {a})) ~ {a}.pipe(same) ~
{a}.to_numpy() ~ dict.fromkeys([0], {a}) ~ {a}.setdefault("k", {b}) ~ [{a}] * 2 ~ {**{a}} ~
(t for t in {a}) ~ pd.DataFrame({a}) ~ pd.Series([{a}]) ~ list(map(same, [{a}])) ~ {a}.values ~
{a}.iloc[0, 0] ~ {a}.tolist() ~ {a}["o"].tolist() ~ {a}["o"].values ~ {a}.to_dict("list") ~
{a}.agg(same) ~ {a}.apply(same) ~ {a}.groupby("a") ~ {a}.items() ~ {a}.unique() ~ {a}.iloc[0] ~
{a}[{a}["a"] > 0] ~ {a}[["a", "o"]] ~ np.array({a}) ~ np.asarray({a}) ~ {a}.reset_index() ~
copy.copy({a}) ~ {a}.loc[0, "o"] ~ defaultdict(lambda: {a}) ~ {a}.max() ~ {a}.sum() ~ {a}.to_frame() ~
{a}.explode("o") ~ pd.concat([{a}]) ~ {a}.where({a}.notna()) ~ Counter({a}) ~ tuple({a}) ~
reduce(lambda p, q: p, [{a}, {b}]) ~ {a}.melt() ~ {a}.mode() ~ {a}.first() ~ {a}["o"].mode() ~
{a}.fillna(0) ~ {a}.sort_values("a") ~ {a}.index ~ {a}.rename(columns=str) ~ {a}.set_index("a") ~
{a}.stack() ~ {a}.replace(1, 2) ~ {a}.shift(0) ~ {a}.nlargest(1, "a") ~ {a}.iterrows() ~
{a}.itertuples() ~ {a}.keys() ~ {a}.describe() ~ {a}.to_list() ~ {a}.min() ~ min([{a}]) ~
sum([{a}], []) ~ list(filter(None, {a})) ~ list(reversed({a})) ~ deque({a}) ~ {a}.most_common() ~
{a}.array ~ {a}.squeeze() ~ {a}.combine_first({b}) ~ {a}.merge({b}, on="a") ~ {a}.attrs ~
next(chain([{a}])) ~ np.select([True], [{a}]) ~ np.where([True], {a}, {b}) ~ [{a}][0:1] ~
{a}.drop(columns="a") ~ {a}.filter(["a","o"]) ~ {a}.at[0, "o"] ~ str({a}) ~ {a}.xs(0) ~ {a}.isna() ~
{a}.map(same) ~ {a}.transform(same) ~ {a}.astype(object) ~ {a}.value_counts() ~ {a}.name ~
random.choice({a}) ~ {a}.popitem() ~ {a}.conj() ~ {a}.ravel() ~ np.array([{a}], dtype=object)
"""
STATEMENTS = r"""
x = {v} ~ y = {v} ~ z = {v} ~ x, y = {v}, {v} ~ {n}["a"] = 0 ~ {n}[0] = 1 ~ {n}.append({v}) ~
{n}.insert(0, "q", 1) ~ {n}.sort() ~ {n} += [1] ~ {n}["k"] = {v} ~ {n}.update(k={v}) ~
{n}.loc[0, "a"] = 9 ~ {n}.clear() ~ {n}.pop() ~ for x in {v}: x["a"] = 0 ~ for x in {v}: y = x ~
{v}["a"] = 0 ~ {v}.append(7) ~ {v}.insert(0, "q", 7) ~ if n: x = {v} ~ def same(t): return {v} ~
del x ~ [t.append(3) for t in {v}] ~ {v}[0]["a"] = 5 ~ {v}[0].append(5) ~ {v}["k"].append(5) ~
x = lambda: {v} ~ y = x() ~ {n}.extend({v}) ~ z = (t.append(8) for t in [{v}]) ~ list(z) ~
{n}.sort_values("a", inplace=True) ~ {v}.clear() ~ for x, y in {v}: y.append(4) ~
for x, y in {v}: y["a"] = 4 ~ x, *y = {v} ~ {v}[0][0] = 3 ~ {v}[0] = 3 ~ {v}.columns = ["r", "s"] ~
{v}.name = "r" ~ {v} ~ {n}["o"][0].append(6) ~ {n}["o"].iloc[0].append(6) ~
{v}.fillna(0, inplace=True) ~ {v}.index.name = "t" ~ {v}.reverse() ~ {v}.sort() ~ {v}.fill(0) ~
x = [y := {v}] ~ {n}.appendleft({v}) ~ match {v}:\n    case [x, *y]: x["a"] = 0 ~
try: x = {v}\nexcept Exception as y: z = y.obj ~ {n}.a = 3 ~ {v}.update(k=2) ~ {v}.attrs["a"] = 1 ~
{v}.extend([1]) ~ {v}[0].clear() ~ {v}[0].sort(reverse=True) ~ {v}.insert(0, 1) ~ {v}.remove(1) ~
{v}.iloc[0, 0] = 7 ~ {v}.iloc[0] = 7
"""
NAMES = ("x", "y", "z", "df", "lst", "d")
HEAD = """
import copy
import random
from collections import Counter, defaultdict, deque
from functools import reduce
from itertools import chain
def same(t):
    return t
def fresh(t):
    return [t, 1]
x = df.copy()
y = [[1], 2]
z = {"k": [x]}
"""
EXISTING = {"df": "DataFrame", "lst": "list", "d": "dict", "n": "int", "pd": "module", "np": "module"}


def shapes(text: str) -> list[str]:
    return [shape.strip().replace("\\n", "\n") for shape in text.split("~")]


def expression(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(NAMES)
    shape = chance.choice(shapes(EXPRESSIONS))
    return shape.replace("{a}", expression(chance, depth - 1)).replace("{b}", expression(chance, depth - 1))


def cell(chance: random.Random) -> str:
    lines = []
    for _ in range(chance.randint(1, 3)):
        line = chance.choice(shapes(STATEMENTS))
        while "{v}" in line:
            line = line.replace("{v}", expression(chance, chance.choice((0, 1, 1, 2))), 1)
        lines.append(line.replace("{n}", chance.choice(NAMES)))
    return "\n".join(lines)


def kernel() -> dict[str, Any]:
    """A namespace whose tables and lists hold lists."""
    df = pd.DataFrame({"a": [3, 1, 2], "o": [[1, 2], [3], [2, 1]]})
    lst = [[2, 1], {"a": 1, "k": [1]}, [1]]
    return {"df": df, "lst": lst, "d": {"a": [3, 1], "k": [1, 0], 0: [2, 1]}, "n": 1, "pd": pd, "np": np}


def state(space: dict[str, Any]) -> tuple[Any, ...]:
    """Everything about the existing values that a cell could change."""
    df = space["df"]
    table = (repr(df.to_dict()), list(df.columns), df.index.name, dict(df.attrs), id(df))
    return (*table, repr(space["lst"]), repr(space["d"]), id(space["lst"]), id(space["d"]))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_a_safe_program_changes_nothing_that_was_there(seed: int) -> None:
    chance = random.Random(seed)
    executed = 0
    for _ in range(700):
        space, names = kernel(), NamesBefore(existing=EXISTING)
        for source in (HEAD + cell(chance), cell(chance)):
            if findings(source, names):
                break
            before = state(space)
            completed = False
            try:
                exec(source, space)
                completed = True
            except (TypeError, ValueError, LookupError, AttributeError, NameError, NotImplementedError):
                pass  # most programs make no sense; what they did until then counts
            except (StopIteration, ArithmeticError, ImportError):
                pass
            executed += 1
            assert state(space) == before, source
            names = names_after(source, names, completed=completed)
    assert executed > 100
