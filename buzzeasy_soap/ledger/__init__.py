"""Callbacks that survive their process: recorded before they are sent, each placed at most once.

Requires the extra `[ledger]`, and `[postgres]` for a ledger on PostgreSQL.
"""

from buzzeasy_soap.extras import extra

with extra("ledger", "sqlalchemy"):
    from buzzeasy_soap.ledger.ledger import AsyncLedger, Ledger
    from buzzeasy_soap.ledger.model import (
        Calls,
        Campaign,
        CampaignState,
        Counts,
        Decided,
        Decision,
        Entry,
        NewCampaign,
        NewEntry,
        Reconciled,
        State,
        Tally,
    )
    from buzzeasy_soap.ledger.worker import Ended, Worker

__all__ = [
    "AsyncLedger",
    "Calls",
    "Campaign",
    "CampaignState",
    "Counts",
    "Decided",
    "Decision",
    "Ended",
    "Entry",
    "Ledger",
    "NewCampaign",
    "NewEntry",
    "Reconciled",
    "State",
    "Tally",
    "Worker",
]
