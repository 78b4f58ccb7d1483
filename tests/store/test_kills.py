"""Two hundred writers are killed with -9: nothing acknowledged is lost, nothing is written twice."""

from __future__ import annotations

from tests.store.test_writers import prepared, whole
from tests.writers import Orders, storm

WRITERS = 8
DEATHS = 200


def test_what_was_acknowledged_survives_every_kill(sqlite_url: str) -> None:
    """A writer dies at any moment, before its commit or after it; the next one asks again with the same request."""
    customers = prepared(sqlite_url, WRITERS)
    outcome = storm(Orders(sqlite_url, customers, WRITERS, deaths=DEATHS, seed=1))
    assert outcome.deaths >= DEATHS
    assert outcome.faults == []
    requests = [line.request for line in outcome.said]
    assert len(requests) == len(set(requests)), "each was acknowledged once"
    assert any(line.already for line in outcome.said), "some died between the commit and the acknowledgement"
    whole(sqlite_url, outcome)
