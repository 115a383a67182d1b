"""Tests of values in one form."""
