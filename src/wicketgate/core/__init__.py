"""The shared words of the house. Standard library only; every other room speaks them."""
