"""Kills, power cuts, full disks, hostile files."""
