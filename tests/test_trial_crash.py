"""The trial of kill -9 while editors work runs, and finds nothing."""

from smallest import finds_nothing


def test_the_trial_finds_nothing_at_its_smallest():
    finds_nothing("crash", "--kills", "1")
