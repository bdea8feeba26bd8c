"""Runs the examples that xAI publishes with its SDK, their files untouched, against GRPC_HOST.

XAI_EXAMPLES is the folder `examples` of a checkout of xai-org/xai-sdk-python. Each example is a process of its own
that passes when it ends with 0; its names of models stay what they are. Examples that fetch from the internet, or
are about something that this server does not have, are named with the reason and not run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIMIT_S = float(os.environ.get("TIMEOUT", "120"))
RUN = "auth chat compaction deferred_chat function_calling models reasoning stored_chat telemetry tokenizer".split()
ARGUMENTS = {"models": ["--operation=list", "--model-type=language"]}
FETCH = ("image_understanding", "structured_outputs")
TYPED = "Hello.\nquit\nexit\n" * 4


def environment():
    path = os.pathsep.join(filter(None, [str(HERE / "hosts"), os.environ.get("PYTHONPATH")]))
    key = os.environ["API_KEY"]
    return {**os.environ, "PYTHONPATH": path, "XAI_API_KEY": key, "XAI_MANAGEMENT_KEY": key}


def run(file):
    """What went wrong; nothing if all went well."""
    try:
        with tempfile.TemporaryDirectory() as empty:
            ended = subprocess.run(
                [sys.executable, str(file), *ARGUMENTS.get(file.stem, [])],
                input=TYPED,
                capture_output=True,
                text=True,
                timeout=LIMIT_S,
                cwd=empty,
                env=environment(),
            )
    except subprocess.TimeoutExpired:
        return f"did not end within {LIMIT_S:.0f} s"
    if ended.returncode == 0:
        return None
    return (ended.stderr.strip().splitlines() or [f"exit status {ended.returncode}"])[-1][:300]


def main():
    root = Path(os.environ["XAI_EXAMPLES"])
    files = sorted(f for kind in ("sync", "aio") for f in (root / kind).glob("*.py"))
    if not files:
        sys.exit(f"XAI_EXAMPLES: {root} (expected: a folder that holds sync/ and aio/)")
    passed = failed = 0
    for file in files:
        name = f"{file.parent.name}/{file.name}"
        if file.stem in FETCH:
            print(f"not run: {name} (fetches a picture from the internet)")
        elif file.stem not in RUN:
            print(f"not run: {name} (about a part of the API that is not here yet)")
        elif wrong := run(file):
            failed += 1
            print(f"FAIL {name}: {wrong}", flush=True)
        else:
            passed += 1
            print(f"ok {name}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
