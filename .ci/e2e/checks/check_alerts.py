"""Prometheus' promtool takes the rules that the app prints, and its alerts fire when they should and at no other time."""

import unittest

from promtool import Rules

JOB = "quote-of-the-day"
FUNCTION = f'job="{JOB}",function="today",module="quote_of_the_day::routes"'
STEADY = "0+100x200"


def objectives(target=0.99):
    labels = f'{FUNCTION},instance="a"'
    return {
        f'function_objective_ratio{{{labels},objective="success"}}': f"{target}x200",
        f'function_objective_ratio{{{labels},objective="latency",threshold="0.05"}}': f"{target}x200",
    }


def calls(ok=STEADY, error="0x200", in_time=STEADY, instance="a"):
    """The series of a function: how many calls end well, badly and within the latency."""
    labels = f'{FUNCTION},instance="{instance}"'
    return {
        f'function_duration_seconds_count{{{labels},outcome="ok"}}': ok,
        f'function_duration_seconds_count{{{labels},outcome="error"}}': error,
        f'function_duration_seconds_bucket{{{labels},outcome="ok",le="0.05"}}': in_time,
        f'function_duration_seconds_bucket{{{labels},outcome="error",le="0.05"}}': error,
    }


def requests(ok=STEADY, failed=None):
    """The series of a route, of which that of failures is there once there is one."""
    labels = f'job="{JOB}",instance="a",http_route="/quote"'
    name = "http_server_request_duration_seconds_count"
    return {f"{name}{{{labels}}}": ok} | ({} if failed is None else {f'{name}{{{labels},error_type="500"}}': failed})


def pool(utilization="0.5x200", waiting="0x200"):
    labels = f'job="{JOB}",instance="a",access="read"'
    return {
        f"database_connections_utilization_ratio{{{labels}}}": utilization,
        f"database_connections_saturation{{{labels}}}": waiting,
    }


class Alerts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rules = Rules()

    def assert_firing(self, series, minutes=100, **alerts):
        self.assertEqual(self.rules.differences(minutes, objectives() | series, alerts), "")

    def test_promtool_finds_no_fault(self):
        self.assertEqual(self.rules.faults(), "")
        self.assertEqual(Rules("--rules-window", "7").faults(), "")

    def test_none_fires_while_all_is_well(self):
        self.assert_firing(calls() | requests() | pool())

    def test_few_errors_are_within_the_budget(self):
        self.assert_firing(calls(ok="0+999x200", error="0+1x200", in_time="0+995x200") | requests("0+999x200", "0+1x200"))

    def test_many_errors_burn_the_budget_at_every_rate(self):
        self.assert_firing(calls(ok="0+80x200", error="0+20x200", in_time="0+80x200"),
                           FunctionErrorRatioHigh=1, FunctionSuccessBudgetBurn=3)

    def test_errors_of_one_instance_are_seen_in_the_sum_over_all(self):
        self.assert_firing(calls() | calls(ok="0+60x200", error="0+40x200", in_time="0+60x200", instance="b"),
                           FunctionErrorRatioHigh=1, FunctionSuccessBudgetBurn=3)

    def test_slower_errors_burn_it_at_the_slower_rates(self):
        self.assert_firing(calls(ok="0+98x200", error="0+2x200", in_time="0+98x200"), FunctionSuccessBudgetBurn=1)

    def test_errors_at_a_rate_in_between_burn_it_at_all_rates_but_the_fastest(self):
        # 10 times too fast: more than 6 and less than 14.4.
        self.assert_firing(calls(ok="0+90x200", error="0+10x200", in_time="0+90x200"),
                           FunctionErrorRatioHigh=1, FunctionSuccessBudgetBurn=2)

    def test_a_low_objective_has_pages_too(self):
        half = calls(ok="0+50x200", error="0+50x200", in_time="0+50x200")
        most = calls(ok="0+30x200", error="0+70x200", in_time="0+30x200")
        outage = calls(ok="0x200", error="0+100x200", in_time="0x200")
        for target, series, alerts in [(0.9, half, 1), (0.9, most, 2), (0.9, outage, 3), (0.8, most, 1), (0.8, outage, 3)]:
            with self.subTest(target=target, alerts=alerts):
                self.assert_firing(objectives(target) | series, FunctionErrorRatioHigh=1, FunctionSuccessBudgetBurn=alerts)

    def test_what_other_jobs_do_is_nothing_to_it(self):
        series = objectives() | requests(failed="0+50x200") | pool("1x200", "3x200")
        series |= calls(ok="0+50x200", error="0+50x200", in_time="0x200")
        others = {name.replace(JOB, "other"): values for name, values in series.items()}
        self.assertEqual(self.rules.differences(100, others, {}), "")
        self.assertEqual(self.rules.recorded(100, others), "")

    def test_slow_calls_burn_the_budget_of_latency(self):
        self.assert_firing(calls(in_time="0+50x200"), FunctionLatencyBudgetBurn=3)

    def test_errors_that_are_over_page_nobody(self):
        # What is left is the ticket, as three days' budget was burnt.
        self.assert_firing(calls(error="0+100x20 2000x180"), FunctionSuccessBudgetBurn=1)

    def test_a_route_that_fails_is_seen(self):
        self.assert_firing(requests(failed="0+10x200"), HttpServerRequestErrorRatioHigh=1)

    def test_a_resource_that_is_used_up_or_waited_for_is_seen(self):
        self.assert_firing(pool("0.95x200"), DatabaseConnectionsUtilizationHigh=1)
        self.assert_firing(pool("1x200", "3x200"), DatabaseConnectionsUtilizationHigh=1, DatabaseConnectionsSaturated=1)
