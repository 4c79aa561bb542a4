"""Comparison of two maps of counts, told by what differs."""


def differences(seen, expected):
    """A line for each key whose counts differ; a key that one of them lacks counts 0 there."""
    keys = sorted({*seen, *expected}, key=str)
    return [f"{key}: {seen.get(key, 0):g} instead of {expected.get(key, 0):g}"
            for key in keys if seen.get(key, 0) != expected.get(key, 0)]
