"""Tests of what is answered from the lists."""
