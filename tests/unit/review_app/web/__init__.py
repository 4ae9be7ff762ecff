"""Tests of the gate in front of every request, and of our own routes."""
