"""Reads the report of the Open Responses suite: a line for each case, and how many passed."""

import json
import sys
from pathlib import Path

try:
    report = json.loads(Path(sys.argv[1]).read_text())
except ValueError:
    sys.exit("the suite wrote no report; is it set up (npm i zod@3 in its folder)?")
for case in report["results"]:
    wrong = "; ".join(case.get("errors") or [])[:300]
    print(case["status"], case["id"], wrong)
failed = report["summary"]["failed"]
print(f"{report['summary']['passed']} passed, {failed} failed")
sys.exit(failed > 0)
