"""Homes of the engine for tests: small programs that take the place of the real one in a child process."""

from pathlib import Path

HELLO = {"kind": "hello", "protocol": 1, "version": "0", "notebook": ""}

ECHO = '''
"""Says welcome, then does what each message's `test` says."""
import json, os, sys

def say(message):
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()

for line in sys.stdin:
    message = json.loads(line)
    if message["kind"] == "hello":
        say({"kind": "welcome", "protocol": 1, "version": "0", "pid": os.getpid(), "path": sys.path})
    elif message["kind"] == "query" and message["what"] == "slow":
        pass
    elif message["kind"] == "query" and message["what"] == "wrong":
        say({"kind": "failed", "id": message["id"], "code": "bad_request", "message": "No such query."})
    elif message["kind"] == "query":
        say({"kind": "event", "id": "1", "event": "before"})
        say({"kind": "found", "id": message["id"], "body": message["args"]})
    elif message["kind"] == "say":
        say(message["what"])
    elif message["kind"] == "leave":
        print("The disk is full.", file=sys.stderr)
        sys.exit(3)
'''

SILENT = "import sys\nprint('Still thinking.', file=sys.stderr, flush=True)\nsys.stdin.read()\n"
BROKEN = "import nothing_of_this_name\n"
REFUSING = (
    "import json, sys\nsys.stdin.readline()\n"
    "print(json.dumps({'kind': 'failed', 'id': None, 'code': 'bad_request',"
    " 'message': 'Upgrade autoanalyst-ext.'}), flush=True)\nsys.stdin.read()\n"
)
DEAF = (
    "import json, signal, sys, time\nsys.stdin.readline()\n"
    "print(json.dumps({'kind': 'welcome', 'protocol': 1, 'version': '0'}), flush=True)\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)\n"
)


def settle(folder: Path, program: str) -> Path:
    """Make a home of `program`; with the result on PYTHONPATH it is the one that a kernel starts."""
    package = folder / "autoanalyst_ext"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "home.py").write_text(program)
    return folder
