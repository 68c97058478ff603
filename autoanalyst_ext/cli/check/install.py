"""Whether the program is installed as a whole: one version of it, and all that it needs."""

import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec

from ... import __version__
from .finding import Finding, fine, problem

DISTRIBUTION = "autoanalyst-ext"
SHOWN = ("jupyterlab", "jupyter_server", "ipykernel", "pandas", "plotly")
AGAIN = f"{sys.executable} -m pip install --force-reinstall {DISTRIBUTION}"


def look() -> Iterator[Finding]:
    """The program and its libraries, in this Python."""
    yield _versions()
    try:
        found = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        words = f"The code is there, but Python does not know {DISTRIBUTION}. Install it."
        yield problem("package", words, command=f"{sys.executable} -m pip install {DISTRIBUTION}")
        return
    yield _package(found)
    yield _needs(found)


def _versions() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    known = [f"{name} {version}" for name in SHOWN if (version := _version(name))]
    return fine("versions", f"AutoAnalyst {__version__}, Python {python}, {', '.join(known)}")


def _package(found: metadata.Distribution) -> Finding:
    if found.version != __version__:
        words = (
            f"Two versions are mixed: the code is {__version__}, what Python knows of is {found.version}. "
            "Install it anew:"
        )
        return problem("package", words, command=AGAIN)
    if find_spec("autoanalyst_kernel") is None:
        return problem(
            "package", "The kernel's half (autoanalyst_kernel) is missing. Install again:", command=AGAIN
        )
    points = {(point.group, point.name) for point in found.entry_points}
    if ("console_scripts", "autoanalyst") not in points:
        return problem(
            "package", "The command `autoanalyst` is not registered. Install again:", command=AGAIN
        )
    return fine("package", "complete: server, kernel and command are of one version")


def _needs(found: metadata.Distribution) -> Finding:
    """Whether the libraries that it asks for are there, in versions that it works with."""
    from packaging.requirements import Requirement

    wrong = []
    for line in found.requires or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        version = _version(wanted.name)
        if version is None:
            wrong.append((f"{wanted.name} is missing", wanted))
        elif not wanted.specifier.contains(version, prereleases=True):
            wrong.append((f"{wanted.name} is {version}, needed is {wanted.specifier}", wanted))
    if not wrong:
        return fine("libraries", "all there, in versions that it works with")
    names = " ".join(f"'{wanted.name}{wanted.specifier}'" for _, wanted in wrong)
    words = "; ".join(each for each, _ in wrong)
    return problem("libraries", f"{words}.", command=f"{sys.executable} -m pip install {names}")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
