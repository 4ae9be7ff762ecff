"""The contact sheet: blank sides to confirm at one glance."""
