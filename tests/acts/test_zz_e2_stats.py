from tests.acts import test_complaint_machine as t
import pytest
@pytest.mark.parametrize("n", [8,10,12,16,24])
def test_it(sqlite_url,n):
    d = t.run(sqlite_url, n)
    print(n, d.refused, sum(d.done.values())); print(d.done); print(d.guarded)
