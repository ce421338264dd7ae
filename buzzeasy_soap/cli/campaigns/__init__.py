"""`buzzeasy campaign`: places the callbacks of a list, each at most once."""

from buzzeasy_soap.cli.campaigns import changing, placing, showing
from buzzeasy_soap.cli.campaigns.shared import campaign

__all__ = ["campaign"]

campaign.command("run")(placing.run)
campaign.command("status")(showing.status)
campaign.command("pause")(changing.pause)
campaign.command("resume")(changing.resume)
campaign.command("cancel")(changing.cancel)
campaign.command("reconcile")(placing.reconcile)
campaign.command("decide")(changing.decide)
campaign.command("watch")(placing.watch)
campaign.command("report")(showing.report)
campaign.command("work")(placing.work)
campaign.command("purge")(changing.purge)
