"""The pages and the code say the same: links lead somewhere, commands exist, every setting is described."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from autoanalyst_ext.cli import group
from docs import settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md")])
ROOTS = (ROOT, ROOT / "autoanalyst_ext", ROOT / "labextension" / "src", ROOT / "kernel")
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
INCLUDED = re.compile(r"^```{include} (.+)$", re.MULTILINE)
ENTRIES = re.compile(r"^```{toctree}\n(?::.*\n)*\n((?:[\w/-]+\n)+)```$", re.MULTILINE)
SPOKEN = re.compile(r"""environ(?:\.get\(|\[)\s*"([A-Z_]+)"|_variable(?:: \w+)?\s*=\s*"([A-Z_]+)\"""")
"""How a file of ours asks for an environment variable."""
NOT_FOR_SETTING = {"JPY_SESSION_NAME"}
"""Of Jupyter itself, for its kernels."""


def tokens(page: Path) -> Iterator[Token]:
    """All pieces of a page, those inside of paragraphs and tables as well."""
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def links(page: Path) -> Iterator[str]:
    """Where its links and pictures lead."""
    for token in tokens(page):
        target = token.attrGet("href") or token.attrGet("src")
        if isinstance(target, str):
            yield target


def commands(page: Path) -> Iterator[list[str]]:
    """The command lines that it shows: the lines of its blocks, and what it names in a sentence."""
    for token in tokens(page):
        if token.type in ("fence", "code_inline"):
            for line in token.content.splitlines():
                yield shlex.split(line, comments=True) if "'" not in line else line.split()


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that is meant, and what follows it. Fails for a name that there is not."""
    found: click.Command = group
    context = click.Context(group)
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        inner = found.get_command(context, words[0])
        assert inner is not None, f"There is no command {words[0]!r}."
        found, words = inner, words[1:]
    return found, words


@pytest.mark.parametrize("name", NAMES)
def test_relative_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    local = [link.partition("#")[0] for link in links(page) if not re.match(r"[a-z]+:", link)]
    missing = [link for link in local if link and not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_is_made_of_is_there(name: str) -> None:
    page = ROOT / name
    text = page.read_text(encoding="utf-8")
    entries = [f"{entry}.md" for found in ENTRIES.findall(text) for entry in found.split()]
    assert [each for each in [*INCLUDED.findall(text), *entries] if not (page.parent / each).exists()] == []
    assert text.count("```{toctree}") == len(ENTRIES.findall(text))


@pytest.mark.parametrize("name", NAMES)
def test_commands_of_ours_exist_with_the_options_that_are_shown(name: str) -> None:
    for words in commands(ROOT / name):
        if words[:1] != ["autoanalyst"]:
            continue
        command, rest = command_of(words[1:])
        known = {option for each in command.get_params(click.Context(command)) for option in each.opts}
        given = {word.partition("=")[0] for word in rest if word.startswith("--") and word != "--"}
        assert given <= known | {"--help"}, words


@pytest.mark.parametrize("name", NAMES)
def test_targets_of_make_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = {words[1] for words in commands(ROOT / name) if words[:1] == ["make"] and len(words) > 1}
    assert shown <= targets


@pytest.mark.parametrize("name", NAMES)
def test_paths_of_ours_that_are_named_exist(name: str) -> None:
    """Those of the engine without its folder, too. `x` stands for what is to be written."""
    path = re.compile(
        r"[\w-]+(?:/[\w-]+)*/[\w.-]+\.(?:py|ts|tsx|md|ipynb|json)|(?:tests|kernel|docs)/[\w./-]+"
    )
    named = [token.content for token in tokens(ROOT / name) if token.type == "code_inline"]
    ours = [text for text in named if path.fullmatch(text) and "/x" not in text and "_build" not in text]
    assert [each for each in ours if not any((root / each).exists() for root in ROOTS)] == []


def test_the_settings_page_is_what_the_traits_say() -> None:
    assert settings.PAGE.read_text(encoding="utf-8") == settings.page(), "Run `make docs`."


def test_every_setting_has_a_sentence() -> None:
    nameless = [
        f"{owner.__name__}.{name}"
        for owner in settings.owners()
        for name, trait in settings.settings(owner).items()
        if not trait.help
    ]
    assert nameless == []


def test_every_environment_variable_is_listed() -> None:
    page = (ROOT / "docs" / "operators" / "configuration.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([A-Z][A-Z_]+)`", page))
    files = [*(ROOT / "autoanalyst_ext").rglob("*.py"), *(ROOT / "kernel").rglob("*.py")]
    asked = {
        name for file in files for found in SPOKEN.findall(file.read_text(encoding="utf-8")) for name in found
    }
    assert {"OPENAI_API_KEY", "AUTOANALYST_MODEL", "AUTOANALYST_URL"} <= asked
    assert asked - {""} - NOT_FOR_SETTING <= listed
