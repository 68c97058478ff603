"""`autoanalyst`: the command line. Each command is a file of its own, imported when it is used."""

import importlib
import sys

import click

from .. import __version__

COMMANDS = {
    "ask": "Ask a question about data and get the answer, with its evidence.",
    "lab": "Open JupyterLab with the analyst's panel.",
    "key": "Keep or forget the key of a model provider.",
    "check": "Look whether everything this needs is there and works.",
    "db": "Bring the database up to date, or copy it.",
    "admin": "Keys of administrators, prices, budgets, and the switch for paid model calls.",
}


class Lazy(click.Group):
    """A group that imports a command's file only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f".{cmd_name}", __name__).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autoanalyst")
def group() -> None:
    """AutoAnalyst: a data analyst for Jupyter notebooks.

    Works at once, without a key and without a network: the offline analyst answers the common
    questions. With a model's key (`autoanalyst key set anthropic`) it answers the others too.
    """


def main() -> None:
    """The program."""
    group.main(args=sys.argv[1:], prog_name="autoanalyst")
