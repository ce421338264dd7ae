"""Bytes out, bytes in: one module for each HTTP library."""
