"""What a campaign has come to, for a person, and for a program."""

from typing import TYPE_CHECKING, Final

from attrs import frozen

from buzzeasy_soap import ResultCode
from buzzeasy_soap.cli.campaigns.progress import calls_in_words
from buzzeasy_soap.cli.errors import NOT_SENT, UNKNOWN
from buzzeasy_soap.cli.output import print_json, printable, say
from buzzeasy_soap.cli.tables import draw, table

if TYPE_CHECKING:
    from buzzeasy_soap.ledger import Campaign, Entry, Ledger, Tally

_MOST_ROWS: Final = 20
_LONGEST_MESSAGE: Final = 60


@frozen
class Summary:
    """What the ledger says of a campaign."""

    campaign: "Campaign"
    tally: "Tally"
    to_decide: "tuple[Entry, ...]"
    """What stays unknown until a person decides."""

    @classmethod
    def of(cls, ledger: "Ledger", name: str) -> "Summary":
        """Ask the ledger. Raises ConfigurationError where there is no such campaign."""
        campaign = ledger.book.campaign(name)
        return cls(campaign, ledger.book.tally(campaign), ledger.book.unknown(campaign))

    @property
    def exit_status(self) -> int:
        """0 where all was placed or refused, else what is the matter."""
        if self.to_decide:
            return UNKNOWN
        return NOT_SENT if self.tally.counts.to_go or self.tally.counts.not_sent else 0

    def show(self, *, json: bool) -> None:
        """Print it for a person, or as JSON. Raises OutputLost."""
        if json:
            print_json({"campaign": self.campaign, "tally": self.tally, "to_decide": self.to_decide})
        else:
            self._show()

    def _show(self) -> None:
        campaign, counts = self.campaign, self.tally.counts
        rate = "as fast as it can" if campaign.rate is None else f"{rate_in_words(campaign.rate)}"
        told = [
            state_in_words(campaign, self.tally.counts.to_go),
            rate,
            *([campaign.opening_hours] if campaign.opening_hours else []),
        ]
        say(f"{campaign.name}: {', '.join(told)}")
        if campaign.why:
            say(f"Paused because: {printable(campaign.why)}")
        rows = [
            ("placed", counts.placed, self._calls() if counts.placed else ""),
            ("refused", counts.refused, self._refusals()),
            ("unknown", counts.unknown, self._decided()),
            ("not sent", counts.not_sent, ""),
            ("to go", self.tally.counts.to_go, ""),
        ]
        draw(table(("Callbacks", "", ""), rows))
        self._show_to_decide()

    def _calls(self) -> str:
        calls = self.tally.calls
        return f"calls: {calls_in_words(calls)}, not over {calls.open - calls.rescheduled}"

    def _refusals(self) -> str:
        codes = [f"{_code_in_words(code)} {count}" for code, count in self.tally.refused.items()]
        return ", ".join(codes)

    def _decided(self) -> str:
        dropped = self.tally.counts.unknown - len(self.to_decide)
        return f"{dropped} of them decided" if dropped else ""

    def _show_to_decide(self) -> None:
        if not self.to_decide:
            return
        say()
        rows = [
            (each.id, each.line, each.request.name, each.request.phone_no, _short(each.message))
            for each in self.to_decide[:_MOST_ROWS]
        ]
        draw(table(("Id", "Line", "Name", "Number", "May have been placed:"), rows))
        more = len(self.to_decide) - _MOST_ROWS
        if more > 0:
            say(f"… and {more} more")
        say("For each: buzzeasy campaign decide ID send-again|placed|drop --by WHO")


def _short(message: str | None) -> str:
    """The start of a message."""
    text = " ".join((message or "").split())
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"


def _code_in_words(code: int) -> str:
    known = code in list(ResultCode)
    return f"{ResultCode(code).name.lower().replace('_', ' ')} ({code}):" if known else f"result code {code}:"


def state_in_words(campaign: "Campaign", to_go: int) -> str:
    """A campaign that would go on, had it anything left, is done."""
    return "done" if campaign.state == "running" and not to_go else str(campaign.state)


def rate_in_words(rate: float) -> str:
    """A rate as it would be given: 20/s, 5/m."""
    for size, unit in ((1, "s"), (60, "m"), (3600, "h")):
        if rate * size >= 1:
            return f"{round(rate * size, 2):g}/{unit}"
    return f"{rate * 3600:g}/h"
