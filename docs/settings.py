"""`users/settings.md`, made from the traits themselves: `python -m docs.settings` writes it anew.

Every class of the package with a setting is found by its source, so a new one cannot be forgotten. A test
holds the page and the traits together.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

from traitlets import Bool, Container, Dict, Enum, Float, Int, TraitType, Unicode
from traitlets.config import Configurable

PACKAGE = Path(__file__).parents[1] / "autoanalyst_ext"
PAGE = Path(__file__).parent / "users" / "settings.md"
DECLARES = "tag(config=True)"
KINDS = {
    Bool: "`True` or `False`",
    Int: "a whole number",
    Float: "a number",
    Unicode: "a text",
    Dict: "a dictionary",
    Container: "a list",
}
NAMED_ELSEWHERE = {"KernelSettings": "Engine"}
"""Classes whose settings are written under another name."""

INTRODUCTION = """
# Settings of the server

<!-- Made by `python -m docs.settings` from the code. Change the help of the setting there. -->

These are settings of the engine, for the panel, the magic and the command line alike. They stand in a file
`jupyter_server_config.py` or `jupyter_config.py` in one of Jupyter's configuration folders
(`jupyter --paths` lists them), or in `autoanalyst_config.py` beside it, which only the command line and the
child process of a magic read. Write for example:

```python
c.Engine.model = "anthropic:claude-sonnet-4-6"
c.Engine.egress_level = "schema"
```

What you choose for yourself in the panel (model, mode, temperature, limits) is in JupyterLab's settings
editor under *AutoAnalyst*. Environment variables are listed in
[Configuration](../operators/configuration.md).
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    sections = [_section(owner) for owner in sorted(owners(), key=lambda each: each.__name__)]
    return "\n".join([INTRODUCTION.strip(), "", *sections])


def owners() -> Iterator[type[Configurable]]:
    """The classes that have settings, found by their source."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if DECLARES not in file.read_text(encoding="utf-8"):
            continue
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        module = import_module(".".join(parts))
        for found in vars(module).values():
            is_own = isinstance(found, type) and found.__module__ == module.__name__
            if is_own and issubclass(found, Configurable) and found.__name__ not in NAMED_ELSEWHERE:
                yield found


def settings(owner: type[Configurable]) -> dict[str, TraitType]:  # type: ignore[type-arg]
    """The settings that a class, or one of ours that it is made of, declares, by name."""
    ours = [base for base in owner.__mro__ if base.__module__.startswith(PACKAGE.name)]
    found = {
        name: trait
        for base in ours
        for name, trait in vars(base).items()
        if isinstance(trait, TraitType) and trait.metadata.get("config")
    }
    return dict(sorted(found.items()))


def _section(owner: type[Configurable]) -> str:
    lines = [f"## {owner.__name__}", "", cleandoc(owner.__doc__ or ""), ""]
    for name, trait in settings(owner).items():
        lines += [f"### `c.{owner.__name__}.{name}`", "", trait.help, "", _form(owner, name, trait), ""]
    return "\n".join(lines)


def _form(owner: type[Configurable], name: str, trait: TraitType) -> str:  # type: ignore[type-arg]
    """What it takes, and what it is when nobody sets it."""
    if isinstance(trait, Enum):
        kind = ", ".join(f"`{value}`" for value in trait.values or ())
    else:
        kind = next(words for its, words in KINDS.items() if isinstance(trait, its))
    none = " or `None`" if trait.allow_none else ""
    if hasattr(owner, f"_default_{name}"):
        return f"Takes {kind}{none}. When it is not set, it is found out at the start."
    return f"Takes {kind}{none}. Default: `{trait.default_value_repr()}`."


if __name__ == "__main__":
    main()
