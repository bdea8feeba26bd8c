"""The programs of examples/python/xai_sdk run as they stand."""

import os
import pathlib
import subprocess
import sys

import pytest

PROGRAMS = sorted((pathlib.Path(__file__).parents[2] / "examples/python/xai_sdk").glob("*.py"))


def test_there_are_some():
    assert len(PROGRAMS) >= 3


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_runs(host, key, program):
    done = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "XAI_API_KEY": key, "GRPC_HOST": host},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
