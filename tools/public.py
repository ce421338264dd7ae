"""What is public: what a user may import, and griffe compares with the last release."""

from typing import Final

PUBLIC_MODULES: Final = (
    "buzzeasy_soap",
    "buzzeasy_soap.events",
    "buzzeasy_soap.ledger",
    "buzzeasy_soap.sandbox",
    "buzzeasy_soap.testing",
    "buzzeasy_soap.transports",
)
