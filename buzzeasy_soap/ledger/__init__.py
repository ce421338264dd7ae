"""Callbacks that survive their process: recorded before they are sent, each placed at most once.

Requires the extra `[ledger]`, and `[postgres]` for a ledger on PostgreSQL.
"""

from buzzeasy_soap.extras import extra

with extra("ledger", "sqlalchemy"):
    from buzzeasy_soap.ledger.ledger import AsyncLedger, Ledger
    from buzzeasy_soap.ledger.model import (
        Campaign,
        CampaignState,
        Counts,
        Decision,
        Entry,
        NewCampaign,
        NewEntry,
        Reconciled,
        State,
    )
    from buzzeasy_soap.ledger.worker import Ended, Worker

__all__ = [
    "AsyncLedger",
    "Campaign",
    "CampaignState",
    "Counts",
    "Decision",
    "Ended",
    "Entry",
    "Ledger",
    "NewCampaign",
    "NewEntry",
    "Reconciled",
    "State",
    "Worker",
]
