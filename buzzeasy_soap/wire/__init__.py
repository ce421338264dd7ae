"""The wire: what goes out and comes in, and how often."""
