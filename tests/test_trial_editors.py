"""The trial of two editors and a publisher runs, and finds nothing."""

from smallest import finds_nothing


def test_the_trial_finds_nothing_at_its_smallest():
    finds_nothing("editors", "--steps", "30")
