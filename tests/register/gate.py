"""What the tests do to a register and to requests, each act as the role that may do it."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.identifiers import Handle
from wicketgate.core.identity import PersonRecord, Question, SealedAddress
from wicketgate.core.states import State
from wicketgate.flow.register_files import sealed_address
from wicketgate.keys import Keys, open_address, record_key
from wicketgate.stages.verify_rule import Record
from wicketgate.store import register, versions
from wicketgate.store.database import Connection, Database
from wicketgate.store.services import Service

_STEPS = (
    (State.SUFFICIENT, "find sufficient", "gate", "gate", Service.REVIEW),
    (State.ENDORSED, "endorse", "examiner", "E. Examiner", Service.REVIEW),
    (State.VERIFIED, "verify", "gate", "gate", Service.VERIFY),
    (State.APPROVED, "approve", "approver", "A. Approver", Service.DECIDE),
)
_DIGEST = "sha256:" + "0" * 64


class Gate:
    """One database of the gate with one submission; `owner` is its administrator."""

    def __init__(self, database: Database, owner: Connection, keys: Keys) -> None:
        self.database = database
        self.keys = keys
        self.loading = keys.begin_load()
        self.owner = owner
        self._state: dict[Handle, State] = {}
        with database.connect(Service.INTAKE) as intake:
            intake.execute(
                "INSERT INTO gate.submission (name, digest, authority, authority_digest, as_of, received_at) "
                "VALUES ('file', %s, 'authority', %s, '2026-03-01', now())",
                [_DIGEST, _DIGEST],
            )
            versions.know(intake, versions.Version(_DIGEST, "authority", (), {}, {}))

    def load(self, records: Sequence[Record]) -> tuple[int, int]:
        """Make these records the register."""
        with self.database.connect(Service.LOAD) as connection:
            persons = (self.blind(record) for record in records)
            addresses = (address for record in records for address in self.sealed(record))
            return register.load(connection, persons, addresses)

    def blind(self, record: Record) -> PersonRecord:
        """A person as the register keeps them."""
        return self.loading.blinding.person(record.person)

    def sealed(self, record: Record) -> list[SealedAddress]:
        """A person's addresses as the register keeps them."""
        return [sealed_address(address, self.loading) for address in record.addresses]

    def receive(self, count: int, agency: str = "DHS") -> list[Handle]:
        """Fresh requests of one agency."""
        handles = [Handle.new() for _ in range(count)]
        rows = [(str(handle), len(self._state) + n, agency) for n, handle in enumerate(handles, start=1)]
        with self.database.connect(Service.INTAKE) as intake, intake.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO gate.request (handle, submission, row, request_id, agency_line, officer_scopes, "
                "body, facts, state, received_at, changed_at) "
                "VALUES (%s, 1, %s, 'r', ARRAY[%s], '{}', '{}', '{}', 'received', now(), now())",
                rows,
            )
        self._state |= dict.fromkeys(handles, State.RECEIVED)
        return handles

    def bring(self, handles: Sequence[Handle], target: State) -> None:
        """Carry requests forward to `target`, act by act."""
        states = [State.RECEIVED, *(step[0] for step in _STEPS)]
        (now,) = {self._state[handle] for handle in handles}
        for state, act, role, actor, service in _STEPS[states.index(now) : states.index(target)]:
            with self.database.connect(service) as connection, connection.cursor() as cursor:
                if state is State.SUFFICIENT:
                    texts = [str(handle) for handle in handles]
                    cursor.execute(
                        "UPDATE gate.request SET determination = 'sufficient', determined_on = '2026-03-01',"
                        " authority_digest = %s WHERE handle = ANY (%s)",
                        [_DIGEST, texts],
                    )
                cursor.executemany(
                    "INSERT INTO gate.act (handle, act, role, actor, at) VALUES (%s, %s, %s, %s, now())",
                    [(str(handle), act, role, actor) for handle in handles],
                )
        self._state |= dict.fromkeys(handles, target)

    def ask(self, questions: Sequence[Question]) -> list[Handle]:
        """Put one committed question for each of as many fresh endorsed requests."""
        handles = self.receive(len(questions))
        self.bring(handles, State.ENDORSED)
        with self.database.connect(Service.REVIEW) as connection:
            self.put(connection, list(zip(handles, questions, strict=True)))
        return handles

    def put(self, connection: Connection, asked: Sequence[tuple[Handle, Question]]) -> None:
        """Put questions on record in tokens."""
        blinded = self.keys.blind([question for _, question in asked])
        register.ask(connection, [(handle, each) for (handle, _), each in zip(asked, blinded, strict=True)])

    def answer(self, handles: Sequence[Handle]) -> list[register.Outcome]:
        """The answers in the order of the handles."""
        with self.database.connect(Service.VERIFY) as connection:
            found = register.answer(connection, handles)
        return [found[handle] for handle in handles]

    def verify(self, *questions: Question) -> list[register.Outcome]:
        """Ask, commit, answer."""
        return self.answer(self.ask(questions))

    def release(self, handles: Sequence[Handle]) -> dict[Handle, dict[str, str]]:
        """Release as the one role that may, opened with the keys of the load."""
        with self.database.connect(Service.RELEASE) as connection:
            found = register.release(connection, handles)
        return {
            handle: open_address(record_key(self.loading.key, each.record), each.record, each.sealed)
            for handle, each in found.items()
        }
