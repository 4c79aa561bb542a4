"""Prometheus' promtool on rules that the app prints."""

import json
import subprocess

from app import printed
from process import new_directory


class Rules:
    """What `--print-rules` gives, in a file."""

    def __init__(self, *flags):
        self.directory = new_directory()
        self.path = self.directory / "rules.yml"
        self.path.write_text(printed("--print-rules", *flags))

    def faults(self):
        """What promtool has to say against them, or nothing."""
        return self._promtool("check", "rules", "--lint-fatal", self.path)

    def differences(self, minutes, series, firing):
        """Nothing if after so many minutes just the alerts in `firing` fire, each as often as it says. Series have a value a
        minute, in promtool's notation."""
        samples = [{"labels": f'{{alertname="{name}"}}', "value": count} for name, count in firing.items()]
        return self._unexpected(minutes, series, 'count by (alertname) (ALERTS{alertstate="firing"})', samples)

    def recorded(self, minutes, series):
        """Nothing if after so many minutes the rules have recorded nothing of `series`."""
        return self._unexpected(minutes, series, '{__name__=~".+:.+"}', [])

    def _unexpected(self, minutes, series, expression, samples):
        test = self.directory / "test.yml"
        # JSON is YAML too.
        test.write_text(json.dumps({"rule_files": [self.path.name], "evaluation_interval": "1m", "tests": [{
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [{"expr": expression, "eval_time": f"{minutes}m", "exp_samples": samples}],
        }]}))
        return self._promtool("test", "rules", test)

    def _promtool(self, *arguments):
        run = subprocess.run(["promtool", *arguments], cwd=self.directory, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=120)
        return "" if run.returncode == 0 else run.stdout + run.stderr
