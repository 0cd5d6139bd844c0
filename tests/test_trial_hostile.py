"""The trial of markup in every field runs, and finds nothing."""

from smallest import finds_nothing


def test_the_trial_finds_nothing_at_its_smallest():
    finds_nothing("hostile", "--rounds", "1", "--pages", "8")
