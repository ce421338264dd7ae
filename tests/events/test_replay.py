"""No update twice and none lost, whether or not a hub tells the past again."""

from hypothesis import given
from hypothesis import strategies as st

from buzzeasy_soap.events.replay import SETTLE, History

# Few kinds, so that lives repeat themselves.
lives = st.lists(st.sampled_from(["CallingAgent", "CallingUser", "Rescheduled"]), max_size=12)


def receive(history: History, statuses: list[str], now: float) -> list[str]:
    return [told for status in statuses for told in history.receive(status, now)]


@given(lives, st.data())
def test_a_past_that_is_told_again_is_not_delivered_again(life: list[str], data: st.DataObject) -> None:
    """However often the connection is replaced, at whatever point, the replay cut short or not."""
    history, told = History(), []
    for now in range(data.draw(st.integers(1, 4))):
        told += receive(history, life[: data.draw(st.integers(len(told), len(life)))], now)
        history.subscribed_again(now)
    told += receive(history, life, 10.0)
    assert told == life


@given(lives, lives)
def test_what_is_new_is_delivered_even_if_it_looks_like_the_past(past: list[str], new: list[str]) -> None:
    """A hub that tells nothing again; its updates come one by one, with listening in between."""
    history = History()
    told, now = receive(history, past, 0.0), 0.0
    history.subscribed_again(now)
    for status in new:
        if history.settles_at is not None:
            told += history.settle()
        told += history.receive(status, now)
    assert told == past + new


def test_what_was_held_back_is_delivered_once_it_has_settled() -> None:
    history = History()
    receive(history, ["a", "b", "c"], 0.0)
    history.subscribed_again(5.0)
    assert history.settles_at == 5.0 + SETTLE
    assert history.receive("a", 6.0) == []
    assert history.settles_at == 6.0 + SETTLE
    assert history.settle() == ["a"]
    assert history.settles_at is None
    assert history.receive("b", 9.0) == ["b"]
    assert history.delivered == ["a", "b", "c", "a", "b"]


def test_an_update_that_differs_sets_free_what_was_held_back() -> None:
    history = History()
    receive(history, ["a", "b", "c"], 0.0)
    history.subscribed_again(0.0)
    assert receive(history, ["a", "b", "x"], 0.0) == ["a", "b", "x"]
