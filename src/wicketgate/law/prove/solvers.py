"""Two solvers that read the same SMT-LIB text: z3 decides, cvc5 decides again.

Both are asked in one way, as a conversation in SMT-LIB commands, so that neither is
given anything that the other is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter
from typing import Any, Literal, Protocol, TypeAlias

Answer: TypeAlias = Literal["sat", "unsat", "unknown"]
PATIENCE = 10_000
"""Milliseconds that a solver may think about one obligation."""


class ProofError(RuntimeError):
    """A proof could not be attempted or not be trusted; the text is one sentence."""


class Session(Protocol):
    """A conversation with one solver."""

    seconds: float

    def tell(self, commands: str) -> str:
        """Carry out SMT-LIB commands and return what they print; raises `ProofError` for an error."""


class Z3:
    """A conversation with z3."""

    def __init__(self, milliseconds: int = PATIENCE) -> None:
        self._z3 = _module("z3")
        self._context: Any = self._z3.Context()
        self.seconds = 0.0
        self.tell(f"(set-option :timeout {milliseconds})")

    def tell(self, commands: str) -> str:
        """Carry out SMT-LIB commands and return what they print."""
        started = perf_counter()
        try:
            said = str(self._z3.Z3_eval_smtlib2_string(self._context.ref(), commands))
        except self._z3.Z3Exception as error:
            raise _unread("z3", str(error)) from None
        self.seconds += perf_counter() - started
        return _checked("z3", said)


class Cvc5:
    """A conversation with cvc5."""

    def __init__(self, milliseconds: int = PATIENCE) -> None:
        self._cvc5 = _module("cvc5")
        terms = self._cvc5.TermManager()
        self._solver: Any = self._cvc5.Solver(terms)
        self._symbols: Any = self._cvc5.SymbolManager(terms)
        self._parser: Any = self._cvc5.InputParser(self._solver, self._symbols)
        self.seconds = 0.0
        self.tell(f"(set-option :incremental true)(set-option :tlimit-per {milliseconds})")

    def tell(self, commands: str) -> str:
        """Carry out SMT-LIB commands and return what they print."""
        started = perf_counter()
        said = []
        try:
            self._parser.setStringInput(self._cvc5.InputLanguage.SMT_LIB_2_6, commands, "question")
            while not (command := self._parser.nextCommand()).isNull():
                said.append(str(command.invoke(self._solver, self._symbols)))
        except RuntimeError as error:
            raise _unread("cvc5", str(error)) from None
        self.seconds += perf_counter() - started
        return _checked("cvc5", "".join(said))


def versions() -> dict[str, str]:
    """The names and versions of the two solvers."""
    return {"z3": str(_module("z3").get_version_string()), "cvc5": str(_module("cvc5").__version__)}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the two solvers said of one question."""

    z3: Answer
    cvc5: Answer

    @property
    def agreed(self) -> Answer:
        """The common answer; ``unknown`` when one does not know or they differ."""
        return self.z3 if self.z3 == self.cvc5 else "unknown"


class Solvers:
    """Both solvers, told the same declarations and definitions, ready to be asked."""

    def __init__(self, script: str, milliseconds: int = PATIENCE) -> None:
        self.z3, self.cvc5 = Z3(milliseconds), Cvc5(milliseconds)
        for session in (self.z3, self.cvc5):
            session.tell("(set-logic ALL)\n" + script)

    def decide(self, terms: Sequence[str], wanted: Sequence[str] = ()) -> tuple[Decision, str]:
        """Can all `terms` hold at once? Asked of both; with the `wanted` symbols of z3's case, if any."""
        said = self.z3.tell(f"(push 1){_asserted(terms)}(check-sat)")
        first = _answer(said)
        case = self.z3.tell(f"(get-value ({' '.join(wanted)}))") if wanted and first == "sat" else ""
        self.z3.tell("(pop 1)")
        return Decision(first, answer(self.cvc5, terms)), case


def answer(session: Session, terms: Sequence[str]) -> Answer:
    """Can all `terms` hold at once? Asked of one solver."""
    return _answer(session.tell(f"(push 1){_asserted(terms)}(check-sat)(pop 1)"))


def _asserted(terms: Sequence[str]) -> str:
    return "".join(f"(assert {term})" for term in terms)


def _answer(said: str) -> Answer:
    word = said.strip()
    return "sat" if word == "sat" else "unsat" if word == "unsat" else "unknown"


def _checked(solver: str, said: str) -> str:
    if "(error" in said:
        raise _unread(solver, said)
    return said


def _unread(solver: str, said: str) -> ProofError:
    if "canceled" in said:
        return ProofError(f"{solver} ran out of time while it read the question; nothing is proved.")
    return ProofError(f"{solver} cannot read the question: {' '.join(said.split())[:300]}")


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ProofError(
            f"Proofs need the solver {name}, which is not installed; install wicketgate[prove]."
        ) from None
