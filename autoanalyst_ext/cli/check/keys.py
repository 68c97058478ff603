"""Which providers have a key and where it was found, never the key; and which model would answer."""

from collections.abc import Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_path

from ...config import FILES
from ...engine import OFFLINE, Engine
from ...errors import AnalystError
from .finding import Finding, Scene, fine, note, problem
from .rights import is_open, rights


def look(scene: Scene) -> Iterator[Finding]:
    """Keys, the files they are in, the model. Keyrings take their time: call it in a thread."""
    ring = scene.engine.providers.keys
    yield from rights("key file", [ring.path], fix=scene.fix)
    sources, without = set(), []
    for provider in scene.engine.providers.key_owners():
        source, trouble = scene.engine.providers.key_source(provider)
        sources.add(source)
        if source is not None:
            yield fine("key", f"{provider.title}: found in {source}")
        elif trouble is None:
            without.append(provider.title)
        elif not is_open(ring.path):  # which is said above
            yield problem("key", f"{provider.title}: {trouble}")
    if without:
        yield fine("without a key", ", ".join(without))
    if "config" in sources:
        yield from _config_files()
    yield _model(scene.engine)


def _config_files() -> Iterator[Finding]:
    names = [f"{name}{end}" for name in FILES for end in (".py", ".json")]
    files = [Path(folder) / name for folder in jupyter_config_path() for name in names]
    open_ones = [str(file) for file in files if is_open(file)]
    if open_ones:
        words = "A key is in your configuration, and other accounts may read these files:"
        yield note("configuration", words, command=f"chmod 600 {' '.join(open_ones)}")


def _model(engine: Engine) -> Finding:
    chosen = engine.default_model()
    if chosen == OFFLINE:
        if engine.model:
            return fine("model", f"{chosen} answers, as chosen; it needs no key")
        return fine("model", f"{chosen} answers, without a key; `autoanalyst key set PROVIDER` adds a model")
    shelf = engine.providers
    try:
        provider, _ = shelf.split(chosen)
        source, trouble = shelf.key_source(provider)
    except AnalystError as error:
        return problem("model", f"The model that was chosen does not exist. {error}")
    if trouble is not None or (provider.needs_key and source is None):
        words = f"{chosen} was chosen to answer, and there is no key for {provider.title}."
        return problem("model", words, command=f"autoanalyst key set {provider.key_name or provider.name}")
    return fine("model", f"{chosen} would answer; its key is not tested here")
