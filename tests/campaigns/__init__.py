"""Campaigns that run small in the tests and long in `make soak`."""
