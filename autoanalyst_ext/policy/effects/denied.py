"""What the names that are not safe would do, in words, as data.

Nothing is allowed or denied here: a name that is on no list of safe ones is a finding anyway. This only
decides which effect it is and what a person reads.
"""

from ...types.effects import Effect
from .wordlists import word_set

BUILTINS: dict[str, tuple[Effect, str]] = {
    "open": ("write", "opens a file (`open`)"),
    "input": ("input", "waits for the keyboard (`input`)"),
    "raw_input": ("input", "waits for the keyboard (`raw_input`)"),
    "breakpoint": ("input", "starts the debugger (`breakpoint`)"),
    "help": ("input", "starts the help pager (`help`)"),
    "exit": ("unknown", "ends the kernel (`exit`)"),
    "quit": ("unknown", "ends the kernel (`quit`)"),
    "get_ipython": ("shell", "reaches for the notebook's shell (`get_ipython`)"),
    **{
        name: ("reflect", f"reaches around the check (`{name}`)")
        for name in word_set(
            """
            eval exec compile getattr setattr delattr hasattr globals locals vars dir __import__
            memoryview super object property classmethod staticmethod bytearray id
        """
        )
    },
}
"""Built-in functions that are not safe."""

_WORDS: dict[Effect, str] = {
    "shell": "runs a command of the system (`{}`)",
    "delete": "deletes files (`{}`)",
    "write": "writes files (`{}`)",
    "read": "reads files or the system's settings (`{}`)",
    "network": "opens a network connection (`{}`)",
    "install": "installs packages (`{}`)",
    "reflect": "reaches around the check (`{}`)",
    "input": "waits for the keyboard (`{}`)",
    "change": "changes how the notebook behaves (`{}`)",
    "unknown": "uses `{}`, which is not on the list of safe functions",
}

_PATHS: dict[str, Effect] = {
    **dict.fromkeys(word_set("os.system os.popen os.exec os.spawn os.fork os.kill os.posix_spawn"), "shell"),
    **dict.fromkeys(
        word_set("subprocess pty sh commands multiprocessing asyncio.create_subprocess_exec"), "shell"
    ),
    **dict.fromkeys(
        word_set("os.remove os.unlink os.rmdir os.removedirs shutil.rmtree send2trash"), "delete"
    ),
    **dict.fromkeys(
        word_set("os.rename os.replace os.makedirs os.mkdir os.chmod os.symlink shutil tempfile"), "write"
    ),
    **dict.fromkeys(word_set("zipfile tarfile csv h5py logging sqlite3 duckdb xlsxwriter openpyxl"), "write"),
    **dict.fromkeys(
        word_set("os.listdir os.walk os.environ os.getenv os.getcwd os.scandir os.path glob"), "read"
    ),
    **dict.fromkeys(word_set("pathlib linecache fileinput pkgutil platform getpass.getuser"), "read"),
    **dict.fromkeys(
        word_set("""
            requests urllib urllib3 httpx aiohttp socket http ftplib smtplib websocket websockets paramiko
            boto3 openai anthropic webbrowser yfinance wget telnetlib ssl xmlrpc imaplib poplib kaggle
            huggingface_hub datasets sqlalchemy psycopg psycopg2 pymysql redis pymongo fsspec s3fs gcsfs
            socketserver
        """),
        "network",
    ),
    **dict.fromkeys(word_set("pip ensurepip conda uv micropip piplite"), "install"),
    **dict.fromkeys(
        word_set("""
            importlib inspect ctypes types gc builtins ast code codeop marshal pickle dill cloudpickle
            joblib shelve sys runpy cffi imp zipimport traceback weakref atexit signal threading
            concurrent pandas.eval pandas.io.common numpy.lib numpy.core numpy.f2py IPython
        """),
        "reflect",
    ),
    **dict.fromkeys(word_set("getpass cmd pdb"), "input"),
    **dict.fromkeys(
        word_set("pandas.read_pickle statsmodels.api.load statsmodels.api.load_pickle"), "reflect"
    ),
    **dict.fromkeys(
        word_set("""
            pandas.options pandas.set_option pandas.reset_option numpy.seterr numpy.set_printoptions
            matplotlib.rcParams matplotlib.pyplot.rcParams matplotlib.use plotly.io.renderers
            plotly.io.templates plotly.express.defaults
        """),
        "change",
    ),
    **dict.fromkeys(
        word_set("""
            pandas.read_html pandas.read_sql pandas.read_sql_query pandas.read_sql_table pandas.read_gbq
            seaborn.load_dataset sklearn.datasets.fetch statsmodels.api.datasets polars.read_database
        """),
        "network",
    ),
    **dict.fromkeys(
        word_set("""
            pandas.ExcelWriter pandas.HDFStore pandas.to_pickle numpy.save numpy.savez numpy.savetxt
            numpy.memmap numpy.lib.format.open_memmap plotly.io.write matplotlib.pyplot.savefig
            matplotlib.pyplot.imsave json.dump plotly.offline.plot
        """),
        "write",
    ),
    **dict.fromkeys(
        word_set(
            "pandas.read_clipboard pandas.read_hdf pandas.read_xml numpy.fromfile matplotlib.pyplot.imread"
        ),
        "read",
    ),
}
_METHODS: dict[str, Effect] = {
    **dict.fromkeys(word_set("query eval format format_map mro"), "reflect"),
    **dict.fromkeys(word_set("execute executemany sql connect send request urlopen post"), "network"),
    **dict.fromkeys(word_set("unlink rmdir rmtree"), "delete"),
    **dict.fromkeys(word_set("system popen run"), "shell"),
    **dict.fromkeys(word_set("load read_text read_bytes"), "read"),
}
_WRITES = ("to_", "write", "save", "sink_", "dump", "print_", "tofile", "savefig")


def of_path(path: str) -> tuple[Effect, str]:
    """Effect and words of using the function or module at this dotted path."""
    best = max((known for known in _PATHS if _is_below(path, known)), key=len, default="")
    effect = _PATHS.get(best, "unknown")
    return effect, _WORDS[effect].format(path)


def of_import(module: str) -> tuple[Effect, str]:
    """Effect and words of importing a module that is not on the list."""
    effect = of_path(module)[0]
    return effect, f"imports `{module}`, which is not on the list of safe modules"


def of_method(name: str, call: str) -> tuple[Effect, str]:
    """Effect and words of calling a method that is not on the list; `call` is how the code writes it."""
    effect = _METHODS.get(name, "write" if name.startswith(_WRITES) else "unknown")
    if effect == "unknown":
        return effect, f"calls `{call}`, which is not on the list of safe functions"
    return effect, _WORDS[effect].format(call)


def _is_below(path: str, known: str) -> bool:
    """`os.execv` is below `os.exec`, `shutil.copy` below `shutil`, `shapely` not below `sh`."""
    if path == known or path.startswith(known + "."):
        return True
    return "." in known and path.startswith(known)
