"""The agents' standing texts, as Markdown files beside this one."""

from importlib import resources


def instructions(name: str) -> str:
    """The house rules, which every agent shares and which come first, and then the agent's own text.

    The shared part comes first so that providers' prompt caches hit across agents.
    """
    folder = resources.files(__package__)
    parts = [(folder / f"{part}.md").read_text(encoding="utf-8").strip() for part in ("rules", name)]
    return "\n\n".join(parts)
