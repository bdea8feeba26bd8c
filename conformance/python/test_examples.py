"""The programs of examples/ do what a reader expects of them."""

import os
import pathlib
import subprocess
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"
CURL = sorted((EXAMPLES / "curl").glob("*.sh"))
OPERATE = sorted((EXAMPLES / "operate").glob("*.sh"))
PYTHON = sorted((EXAMPLES / "python").glob("*.py"))
MANAGED = ("alerts.sh", "billing.sh", "management.sh")


def test_there_are_some():
    assert len(CURL) >= 3 and len(PYTHON) >= 2


@pytest.mark.parametrize("program", [*CURL, *OPERATE, *PYTHON], ids=lambda p: p.name)
def test_runs(server, program):
    if program.name in MANAGED and not os.environ.get("MANAGEMENT_KEY"):
        pytest.skip("MANAGEMENT_KEY is not set (expected: one of ./jubal management-key create NAME)")
    if program in OPERATE and not os.environ.get("DATA_DIR"):
        pytest.skip("DATA_DIR is not set (expected: the data folder of the server)")
    command = ["sh"] if program.suffix == ".sh" else [sys.executable]
    done = subprocess.run(
        [*command, str(program)],
        env={**os.environ, "XAI_API_KEY": server.api_key, "BASE_URL": server.base_url},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert '"error":{' not in done.stdout
