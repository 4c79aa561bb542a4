"""What the servers of the chain are told. The intervals are short, so that one sees what happens."""

PROMETHEUS = """\
global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
  - static_configs: [{{targets: ['{alertmanager}']}}]
scrape_configs:
- job_name: quote-of-the-day
  static_configs: [{{targets: [{targets}]}}]
remote_write:
- url: http://{victoria_metrics}/api/v1/write
  queue_config: {{batch_send_deadline: 1s}}
"""

# A real receiver, such as e-mail, goes in the place of this one.
ALERTMANAGER = """\
route: {receiver: nobody, group_by: [alertname], group_wait: 0s, group_interval: 5s}
receivers: [{name: nobody}]
"""
