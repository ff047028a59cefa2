"""Measurements as ratios against a limit or a peer on the same input in the same run."""
