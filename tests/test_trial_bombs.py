"""The trial of files made to do harm runs, and finds nothing."""

from smallest import finds_nothing


def test_the_trial_finds_nothing_at_its_smallest():
    finds_nothing("bombs", "--seed", "2", "--bombs", "3", "--cuts", "1", "--flips", "1")
