"""Billing as its reference documents it, over plain HTTP. The team is its own, so sums are exact."""

import collections
import csv
import datetime
import io
import os
import subprocess
import uuid

import pytest
from conftest import Manager, soon, user

ALL = ["api-key:model:*", "api-key:endpoint:*"]
TOKENS = ("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens")
TICKS_A_CENT = 10**8
DAY = datetime.timedelta(days=1)


class Billing:
    """The billing of one team, as one management key sees it."""

    def __init__(self, manager: Manager, team: str):
        self.manager = manager
        self.team = team
        self.path = f"/v1/billing/teams/{team}/"

    def get(self, rest: str, status: int = 200, **query) -> dict:
        return self.manager.call("GET", self.path + rest, status, params=query)

    def post(self, rest: str, body, status: int = 200) -> dict:
        return self.manager.call("POST", self.path + rest, status, json=body)

    def usage(self, unit: str, values: list[str], groups: list[str]) -> list[dict]:
        series = self.post("usage", question(timeUnit=unit, groupBy=groups, values=names(values)))
        assert series["limitReached"] is False
        return series["timeSeries"]

    def export(self, **query):
        start, end = days()
        query = {"from": start, "to": end, **query}
        return self.manager.send("GET", self.path + "usage/export", params=query)


def days() -> tuple[str, str]:
    """A range around now, wide enough for a test that begins before midnight."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return ((now - DAY).strftime("%Y-%m-%dT00:00:00Z"), (now + DAY).strftime("%Y-%m-%dT00:00:00Z"))


def names(values: list[str]) -> list[dict]:
    return [{"name": value, "aggregation": "AGGREGATION_SUM"} for value in values]


def question(**change) -> dict:
    start, end = days()
    zone = {"startTime": start, "endTime": end, "timezone": "Etc/GMT"}
    asked = {"timeRange": zone, "timeUnit": "TIME_UNIT_DAY", "values": names(["usd"]), **change}
    return {"analyticsRequest": asked}


@pytest.fixture(scope="module")
def team(manager) -> str:
    return manager.call("POST", "/auth/teams", json={"name": f"billed {uuid.uuid4()}"})["teamId"]


@pytest.fixture(scope="module")
def billing(manager, team) -> Billing:
    return Billing(manager, team)


@pytest.fixture(scope="module")
def spent(manager, team, raw, server, billing) -> list[dict]:
    """What two keys of the team asked for, each with what its answer said of its use and cost."""
    models = manager.call("GET", f"/auth/teams/{team}/models")["models"]
    model = next(m["name"] for m in models if server.model in [m["name"], *m["aliases"]])
    made = []
    for _ in range(2):
        body = {"name": f"billed {uuid.uuid4()}", "acls": ALL}
        key = manager.call("POST", f"/auth/teams/{team}/api-keys", json=body)
        chat = {"model": server.model, "messages": user("Count to five."), "max_tokens": 16}
        responses = {"model": server.model, "input": "Count to five.", "max_output_tokens": 8}
        for endpoint, path, asked in (
            ("chat", "/v1/chat/completions", chat),
            ("chat", "/v1/chat/completions", chat),
            ("responses", "/v1/responses", responses),
        ):
            answer = raw.post(path, asked, key=key["apiKey"])
            assert answer.status_code == 200, answer.text
            place = {"api_key_id": key["apiKeyId"], "description": model, "endpoint": endpoint}
            made.append({**place, **used(answer.json()["usage"])})
    assert all(request["ticks"] > 0 for request in made)
    assert soon(lambda: total(billing.usage("TIME_UNIT_NONE", ["requests"], [])) == len(made))
    return made


def used(usage: dict) -> dict:
    """The use of one request, from the answer of either dialect."""
    came, went = ("input", "output") if "input_tokens" in usage else ("prompt", "completion")
    return {
        "requests": 1,
        "ticks": usage["cost_in_usd_ticks"],
        "prompt_tokens": usage[f"{came}_tokens"],
        "cached_tokens": usage[f"{came}_tokens_details"]["cached_tokens"],
        "completion_tokens": usage[f"{went}_tokens"],
        "reasoning_tokens": usage[f"{went}_tokens_details"]["reasoning_tokens"],
    }


def total(series: list[dict]) -> float:
    return sum(point["values"][0] for one in series for point in one["dataPoints"])


def sums(rows: list[dict], by: list[str], of: list[str]) -> dict:
    found = collections.defaultdict(lambda: [0] * len(of))
    for row in rows:
        group = tuple(row[b] for b in by)
        found[group] = [before + row[o] for before, o in zip(found[group], of)]
    return dict(found)


@pytest.fixture(scope="module")
def command():
    """Runs a command on the server's own machine and data."""
    launcher, data = os.environ.get("JUBAL"), os.environ.get("DATA_DIR")
    if not launcher or not data:
        pytest.skip("JUBAL or DATA_DIR is not set (expected: the launcher and data of the server)")

    def run(*arguments: str) -> str:
        whole = [launcher, *arguments, "--data-dir", data]
        return subprocess.run(whole, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def limited(manager, team, command):
    """The same billing by management keys with fewer rights, which nothing on the network makes."""

    def make(*options: str) -> Billing:
        key = command("management-key", "create", f"limited {uuid.uuid4()}", *options)
        return Billing(Manager(manager.root, key), team)

    return make


def test_where_bills_go_is_kept(billing):
    none = dict.fromkeys(("name", "address", "email", "taxIdType", "taxNumber"), "")
    assert billing.get("billing-info") == {"billingInfo": none}
    whole = {
        "name": "Straße 7 GmbH",
        "address": "Hauptstr. 7\n10115 Berlin",
        "email": "bills@example.com",
        "taxIdType": "eu_vat",
        "taxNumber": "DE123456789",
    }
    assert billing.post("billing-info", {"billingInfo": whole}) == {"billingInfo": whole}
    assert billing.get("billing-info") == {"billingInfo": whole}
    billing.post("billing-info", {"billingInfo": {"name": "A"}})
    assert billing.get("billing-info") == {"billingInfo": {**none, "name": "A"}}, "as a whole"


@pytest.mark.parametrize("unit", ["HOUR", "DAY", "MONTH", "NONE"])
@pytest.mark.parametrize(
    "groups",
    [[], ["api_key_id"], ["description"], ["endpoint", "api_key_id"]],
    ids=lambda groups: "+".join(groups) or "all",
)
def test_usage_is_that_of_the_answers(billing, spent, unit, groups):
    of = ["requests", *TOKENS]
    found = collections.defaultdict(lambda: [0.0] * (len(of) + 1))
    for series in billing.usage(f"TIME_UNIT_{unit}", [*of, "usd"], groups):
        times = [point["timestamp"] for point in series["dataPoints"]]
        assert times == sorted(set(times))
        for point in series["dataPoints"]:
            group = tuple(series["group"])
            found[group] = [a + b for a, b in zip(found[group], point["values"])]
    expected = {
        group: [*rest, pytest.approx(ticks / 1e10, rel=1e-9)]
        for group, (ticks, *rest) in sums(spent, groups, ["ticks", *of]).items()
    }
    assert dict(found) == expected


@pytest.mark.parametrize("unit,width", [("HOUR", ":00:00Z"), ("DAY", "T00:00:00Z")])
def test_a_point_is_a_whole_span(billing, spent, unit, width):
    for series in billing.usage(f"TIME_UNIT_{unit}", ["requests"], []):
        assert all(point["timestamp"].endswith(width) for point in series["dataPoints"])


def test_usage_as_clients_of_xai_ask(billing, spent):
    start, end = (text.replace("T", " ").removesuffix("Z") for text in days())
    zone = {"startTime": start, "endTime": end, "timezone": "Etc/GMT"}
    asked = question(timeRange=zone, groupBy=["description"], filters=[])
    usd = total(billing.post("usage", asked)["timeSeries"])
    assert usd == pytest.approx(sum(request["ticks"] for request in spent) / 1e10)


def test_usage_of_another_time_is_none(billing, spent):
    zone = {"startTime": "2020-01-01T00:00:00Z", "endTime": "2020-02-01T00:00:00Z"}
    assert billing.post("usage", question(timeRange=zone))["timeSeries"] == []


@pytest.mark.parametrize("unit", ["hour", "day"])
def test_csv_and_json_export_the_same(billing, spent, unit):
    answer = billing.export(unit=unit, format="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    exported = billing.export(unit=unit).json()["usage"]
    columns = {snake(name): name for name in exported[0]}
    assert list(lines[0]) == list(columns)
    assert lines == [{c: str(row[name]) for c, name in columns.items()} for row in exported]
    numbers = ["requests", *TOKENS, "cost_in_usd_ticks"]
    rows = [{**line, **{n: int(line[n]) for n in numbers}} for line in lines]
    assert sums(rows, ["key", "model", "endpoint"], numbers) == sums(
        spent, ["api_key_id", "description", "endpoint"], ["requests", *TOKENS, "ticks"]
    )


def snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def test_the_bill_so_far(billing, spent):
    preview = billing.get("postpaid/invoice/preview")
    now = datetime.datetime.now(datetime.timezone.utc)
    assert preview["billingCycle"] == {"year": now.year, "month": now.month}
    core = preview["coreInvoice"]
    line = sums(spent, ["description"], ["prompt_tokens", "completion_tokens", "ticks"])
    ((model,), (prompt, completion, ticks)) = next(iter(line.items()))
    (found,) = core["lines"]
    assert (found["description"], found["unitType"]) == (model, "tokens")
    assert int(found["numUnits"]) == prompt + completion
    for amount in (found["amount"], core["amountBeforeCredits"], core["totalWithCorr"]):
        assert abs(int(amount["val"]) - ticks / TICKS_A_CENT) <= 0.5
    assert core["prepaidCreditsUsed"] == {"val": "0"}, "the plan asks for no credits"
    assert int(preview["defaultCredits"]) >= 0


def test_no_month_is_over(billing, spent):
    assert billing.get("invoices") == {"invoices": []}
    next_year = str(datetime.date.today().year + 1)
    for field in ("billingCycle", "since"):
        query = {f"{field}.year": next_year, f"{field}.month": "1"}
        assert billing.get("invoices", **query) == {"invoices": []}
    assert billing.get("invoices", **{"invoiceIds.invoiceIds": "none"}) == {"invoices": []}


def test_spending_limits(billing):
    before = billing.get("postpaid/spending-limits")["spendingLimits"]
    assert not any(before.values())
    limit = {"val": "2500"}
    after = billing.post("postpaid/spending-limits", {"desiredSoftSpendingLimit": limit})
    assert after["spendingLimits"]["softSl"] == after["spendingLimits"]["effectiveSl"] == limit
    assert not after["spendingLimits"].get("effectiveHardSl"), "it warns, and stops nothing"
    assert billing.get("postpaid/spending-limits") == after


def given_and_spent(balance):
    """What a team was given, in its order, and what it spent: that of this month stands at now."""
    spent = [c["amount"] for c in balance["changes"] if c["changeOrigin"] == "SPEND"]
    return [c for c in balance["changes"] if c["changeOrigin"] != "SPEND"], spent


def test_what_is_paid_in_is_negative(billing, team, spent):
    before = billing.get("prepaid/balance")
    after = billing.post("prepaid/top-up", {"amount": {"val": "799"}})
    assert int(after["total"]["val"]) == int(before["total"]["val"]) - 799
    given, used = given_and_spent(after)
    change = given[-1]
    assert (given[:-1], used) == given_and_spent(before)
    assert (change["teamId"], change["changeOrigin"]) == (team, "PURCHASE")
    assert change["amount"] == {"val": "-799"} and change["invoiceId"]
    again = billing.get("prepaid/balance")
    assert given_and_spent(again) == (given, used) and again["total"] == after["total"]
    credits = billing.get("postpaid/invoice/preview")["coreInvoice"]["prepaidCredits"]
    assert credits == after["total"]


def test_nothing_is_paid_through_the_server(billing, team):
    found = billing.get("payment-method")
    assert (found["teamId"], found["paymentMethods"]) == (team, [])
    refused = billing.post("payment-method/default", {"paymentMethodId": "pm_1"}, 404)
    assert refused["error"]["param"] == "paymentMethodId"


def of_time(**change) -> dict:
    start, end = days()
    return question(timeRange={"startTime": start, "endTime": end, **change})


ASKED = "analyticsRequest."


@pytest.mark.parametrize(
    "rest,body,field",
    [
        ("billing-info", {}, "billingInfo"),
        ("billing-info", {"billingInfo": "A"}, "billingInfo"),
        ("billing-info", {"billingInfo": {"name": 5}}, "billingInfo.name"),
        ("billing-info", {"billingInfo": {"email": "x" * 257}}, "billingInfo.email"),
        ("billing-info", {"billingInfo": {"address": "a\0b"}}, "billingInfo.address"),
        ("postpaid/spending-limits", {}, "desiredSoftSpendingLimit"),
        (
            "postpaid/spending-limits",
            {"desiredSoftSpendingLimit": {"val": "-1"}},
            "desiredSoftSpendingLimit.val",
        ),
        (
            "postpaid/spending-limits",
            {"desiredSoftSpendingLimit": {"val": 25}},
            "desiredSoftSpendingLimit.val",
        ),
        ("prepaid/top-up", {}, "amount"),
        ("prepaid/top-up", {"amount": {}}, "amount.val"),
        ("prepaid/top-up", {"amount": {"val": "0"}}, "amount.val"),
        ("prepaid/top-up", {"amount": {"val": "1.5"}}, "amount.val"),
        ("prepaid/top-up", {"amount": {"val": "9" * 30}}, "amount.val"),
        ("prepaid/top-up", {"amount": {"val": str(2**63 // 10**8)}}, "amount"),
        ("payment-method/default", {}, "paymentMethodId"),
        ("usage", {}, "analyticsRequest"),
        ("usage", {"analyticsRequest": {}}, ASKED + "timeRange"),
        ("usage", of_time(startTime="yesterday"), ASKED + "timeRange.startTime"),
        ("usage", of_time(endTime="+999999999-01-01T00:00:00Z"), ASKED + "timeRange.endTime"),
        ("usage", of_time(timezone="Europe/Berlin"), ASKED + "timeRange.timezone"),
        ("usage", question(timeUnit="TIME_UNIT_AGE"), ASKED + "timeUnit"),
        ("usage", question(values=[{"name": "joules"}]), ASKED + "values[0].name"),
        (
            "usage",
            question(values=[{"name": "usd", "aggregation": "AGGREGATION_MAX"}]),
            ASKED + "values[0].aggregation",
        ),
        ("usage", question(groupBy=["colour"]), ASKED + "groupBy"),
        ("usage", question(filters=["grok-4"]), ASKED + "filters"),
        ("usage", question(filters=["colour:red"]), ASKED + "filters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_body_is_refused_by_its_field(billing, rest, body, field):
    error = billing.post(rest, body, 400)["error"]
    assert error["param"] == field
    assert error["message"].startswith(field)
    assert "expected" in error["message"]


@pytest.mark.parametrize(
    "rest,query,field",
    [
        ("invoices", {"billingCycle.year": "2026"}, "billingCycle"),
        ("invoices", {"since.year": "2026", "since.month": "13"}, "since"),
        ("usage/export", {}, "from"),
        ("usage/export", {"from": "2026-01-01T00:00:00Z", "to": "soon"}, "to"),
        ("usage/export", {"unit": "week"}, "unit"),
        ("usage/export", {"format": "xml"}, "format"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_query_is_refused_by_its_name(billing, rest, query, field):
    error = billing.get(rest, 400, **query)["error"]
    assert error["param"] == field and "expected" in error["message"]


def test_a_body_that_is_no_json(billing):
    refused = billing.manager.call("POST", billing.path + "usage", 400, data="{")
    assert "JSON" in refused["error"]["message"]


READS = [
    "billing-info",
    "invoices",
    "payment-method",
    "postpaid/invoice/preview",
    "postpaid/spending-limits",
    "prepaid/balance",
]
WRITES = [
    ("billing-info", {"billingInfo": {"name": "B"}}),
    ("postpaid/spending-limits", {"desiredSoftSpendingLimit": {"val": "1"}}),
    ("prepaid/top-up", {"amount": {"val": "1"}}),
    ("payment-method/default", {"paymentMethodId": "pm_1"}),
]


def test_who_may_read_may_not_write(limited):
    reader = limited("--acl", "billing:read")
    for rest in READS:
        reader.get(rest)
    reader.post("usage", question())
    reader.export()
    for rest, body in WRITES:
        assert "billing:write" in reader.post(rest, body, 403)["error"]["message"]


def test_a_key_without_the_row_is_refused(limited):
    other = limited("--acl", "teams:*")
    for rest in READS:
        assert "billing:read" in other.get(rest, 403)["error"]["message"]
    assert "billing:read" in other.post("usage", question(), 403)["error"]["message"]


def test_a_key_of_another_team_sees_no_team(limited, raw):
    other = limited("--team", raw.get("/v1/me").json()["team_id"])
    assert other.team in other.get("prepaid/balance", 404)["error"]["message"]


def test_an_api_key_is_no_management_key(billing, raw, spent):
    for key, status in (("", 403), (None, 401)):
        answer = raw.get(billing.path + "prepaid/balance", key=key)
        assert answer.status_code == status, answer.text


def test_a_team_that_does_not_exist(manager):
    none = Billing(manager, str(uuid.uuid4()))
    for rest in [*READS, "usage/export"]:
        assert none.team in none.get(rest, 404)["error"]["message"]
    for rest, body in [*WRITES, ("usage", question())]:
        assert none.team in none.post(rest, body, 404)["error"]["message"]


def test_the_ledger_agrees(command, spent):
    assert command("ledger", "verify"), "which fails where a sum is not that of the rows"
