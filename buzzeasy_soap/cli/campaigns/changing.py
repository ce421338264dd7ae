"""`campaign pause`, `resume`, `cancel`, `decide` and `purge`: what people tell the ledger."""

import datetime as dt
import sys
from typing import Annotated, Literal

import typer

from buzzeasy_soap.cli.campaigns import shared
from buzzeasy_soap.cli.campaigns.shared import Address, Name, Rate
from buzzeasy_soap.cli.campaigns.summary import rate_in_words
from buzzeasy_soap.cli.errors import USAGE, fail
from buzzeasy_soap.cli.output import complain, counted, print_json, say
from buzzeasy_soap.cli.run import Debug, Json, plain_errors
from buzzeasy_soap.enums import Outcome

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def pause(name: Name, ledger: Address = None, json: Json = False, debug: Debug = False) -> None:
    """Pause a campaign: no more of it is sent, on any machine. What is under way ends.

    Example: buzzeasy campaign pause outage
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        from buzzeasy_soap.ledger import CampaignState

        campaign = opened.book.campaign(name)
        changed = opened.book.change_campaign(
            campaign, state=CampaignState.PAUSED, why="a person has paused it"
        )
        print_json(changed) if json else say(f"The campaign {name} is paused.")


def resume(
    name: Name, rate: Rate = None, ledger: Address = None, json: Json = False, debug: Debug = False
) -> None:
    """Let a campaign go on, at another rate if one is given.

    Example: buzzeasy campaign resume outage --rate 5/s
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        from buzzeasy_soap.ledger import CampaignState

        campaign = opened.book.campaign(name)
        changed = opened.book.change_campaign(campaign, state=CampaignState.RUNNING, rate=rate)
        if json:
            print_json(changed)
            return
        at = "" if changed.rate is None else f" at {rate_in_words(changed.rate)}"
        say(f"The campaign {name} may go on{at}: `buzzeasy campaign work {name}` places what is left.")


def cancel(
    name: Name, yes: Yes = False, ledger: Address = None, json: Json = False, debug: Debug = False
) -> None:
    """Cancel a campaign for good: what is left of it is never sent.

    Example: buzzeasy campaign cancel outage --yes
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        from buzzeasy_soap.ledger import CampaignState

        campaign = opened.book.campaign(name)
        left = opened.book.counts(campaign).pending
        _ask(f"Never send the {counted(left, 'callback')} that are left of {name}?", yes=yes, json=json)
        changed = opened.book.change_campaign(
            campaign, state=CampaignState.CANCELLED, why="a person has cancelled it"
        )
        print_json(changed) if json else say(f"The campaign {name} is cancelled.")


def decide(
    id: Annotated[int, typer.Argument(help="Id of the callback, as `status` shows it.")],
    decision: Annotated[
        Literal["send-again", "placed", "drop"],
        typer.Argument(
            help="send-again: place it once more, the customer may be called twice; "
            "placed: it was placed; drop: leave it."
        ),
    ],
    by: Annotated[str, typer.Option("--by", help="Who decides; is kept.")],
    ledger: Address = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Decide about a callback whose outcome stays unknown.

    Example: buzzeasy campaign decide 17 send-again --by "Grace Hopper"
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        from buzzeasy_soap.ledger import Decision

        entry = opened.book.decide(id, Decision(decision), by)
        if json:
            print_json(entry)
            return
        told = f"{entry.request.name}, {entry.request.phone_no}: {decision}, decided by {by}."
        if decision == "send-again" and entry.not_before and entry.not_before > dt.datetime.now(dt.UTC):
            told += f" Not before {entry.not_before.astimezone():%H:%M:%S}: what was sent may be on its way until then."
        say(told)


def purge(
    older_than: Annotated[
        dt.timedelta,
        typer.Option(
            "--older-than", parser=shared.age, metavar="30d", help="How long ago it must have been settled."
        ),
    ],
    ledger: Address = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Delete the names and numbers of callbacks that were settled long ago. What is open or undecided stays.

    Example: buzzeasy campaign purge --older-than 30d
    """
    with plain_errors(debug=debug, json=json, calls=False), shared.ledger(ledger) as opened:
        deleted = opened.book.purge(older_than)
        print_json({"deleted": deleted}) if json else say(f"Deleted {counted(deleted, 'callback')}.")


def _ask(question: str, *, yes: bool, json: bool) -> None:
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        message = "cancel asks first: give --yes where nobody can answer"
        raise typer.Exit(fail("UsageError", message, USAGE, json=json, outcome=Outcome.NOT_SENT))
    if not typer.confirm(question, err=True):
        complain("nothing was changed.")
        raise typer.Exit
