"""Policies are read as the stand-alone verifier reads them; a quorum stands since its last moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.ledger import Kind, LedgerError, LogKey, Policy, SigningKey
from wicketgate.ledger.policy import ALWAYS
from wicketgate.ledger.verify import Broken, Key, read_policy

LOG = LogKey.generate("gate.example.gov/ledger").vkey
KEYS = [
    SigningKey.generate(f"w{n}.example", Kind.COSIGNATURE_MLDSA44 if n % 2 else Kind.COSIGNATURE_ED25519)
    for n in range(5)
]
V = [str(key.verifier) for key in KEYS]

GOOD = [
    "quorum none",
    f"log {LOG}\nquorum none\n",
    f"# comment\n\n \t log\t{LOG}  https://gate.example/log \nquorum none",
    f"witness a {V[0]}\nquorum a",
    f"witness a {V[0]} https://w.example/prefix/\nquorum a",
    f"witness é {V[0]}\nwitness b {V[1]}\ngroup g any é b\nquorum g",
    f"witness a {V[0]}\nwitness b {V[1]}\nwitness c {V[2]}\ngroup g 2 a b\ngroup h all g c\nquorum h",
]
BAD = [
    "",
    f"log {LOG}",
    "quorum some",
    "quorum none\nquorum none",
    f"log {V[0]}\nquorum none",
    f"log {LOG}\nlog {LOG}\nquorum none",
    f"log {LOG} a b\nquorum none",
    f"witness a {LOG}\nquorum a",
    f"witness none {V[0]}\nquorum none",
    f"witness a {V[0]}\nwitness a {V[1]}\nquorum a",
    f"witness a {V[0]}\nwitness b {V[0]}\nquorum a",
    f"quorum a\nwitness a {V[0]}",
    f"witness a {V[0]}\ngroup g 0 a\nquorum g",
    f"witness a {V[0]}\ngroup g 2 a\nquorum g",
    f"witness a {V[0]}\ngroup g +1 a\nquorum g",
    f"witness a {V[0]}\ngroup g 01 a\nquorum g",
    f"witness a {V[0]}\ngroup g 1 a a\nquorum g",
    f"witness a {V[0]}\ngroup g 1 none\nquorum g",
    f"witness a {V[0]}\ngroup g any\nquorum g",
    f"witness a {V[0]}\ngroup g any a\ngroup h any a\nquorum h",
    f"witness a {V[0][:-4]}AAAA\nquorum a",
    f"log {LOG}\r\nquorum none",
    "quorum\x00none",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_policies_are_read_by_both(text: str) -> None:
    policy, trust = Policy.parse(text.encode()), read_policy(text.encode())
    assert policy.quorum == trust.quorum
    assert dict(policy.groups) == trust.groups
    assert {w.name: str(w.key).split("+")[0] for w in policy.witnesses} == {
        name: key.name for name, key in trust.witnesses.items()
    }
    assert [key.name for key in policy.logs] == [key.name for key in trust.logs]


@pytest.mark.parametrize("text", BAD)
def test_bad_policies_are_refused_by_both(text: str) -> None:
    with pytest.raises(LedgerError):
        Policy.parse(text.encode())
    with pytest.raises(Broken):
        read_policy(text.encode())


@pytest.mark.parametrize("url", ["ftp://w", "file:///etc/passwd", "w.example", "https://", "https://w?x"])
def test_a_witness_is_reached_by_http_only(url: str) -> None:
    with pytest.raises(LedgerError, match=r"Line 1 .* URL"):
        Policy.parse(f"witness a {V[0]} {url}\nquorum a".encode())


NESTED = (
    "".join(f"witness w{n} {vkey}\n" for n, vkey in enumerate(V))
    + "group g 2 w0 w1 w2\ngroup h any w3 w4\ngroup q all g h\nquorum q\n"
).encode()


@given(st.dictionaries(st.sampled_from(range(5)), st.integers(0, 50)))
def test_a_quorum_stands_since_the_last_moment_at_which_it_held(times: dict[int, int]) -> None:
    """Those who cosigned at t or later make a quorum, and later none does, by the verifier's rule."""
    since = Policy.parse(NESTED).witnessed_at({KEYS[n].verifier: at for n, at in times.items()})
    trust = read_policy(NESTED)

    def holds(start: int) -> bool:
        chosen = (KEYS[n].verifier for n, at in times.items() if at >= start)
        return trust._holds(trust.quorum, {Key(key.name, key.kind, key.public) for key in chosen})

    assert (since is not None) == holds(0)
    if since is not None:
        assert holds(since)
        assert not holds(since + 1)


def test_a_policy_without_witnesses_always_holds() -> None:
    assert Policy.parse(b"quorum none").witnessed_at({}) == ALWAYS
