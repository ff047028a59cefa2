"""What the commands and the pages say to whoever asked, in its own words."""

from wicketgate.embedded import ClusterError
from wicketgate.flow.house import HouseError
from wicketgate.flow.receive import EngineDisagreementError
from wicketgate.flow.register_source import RegisterRefusedError
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.witnessing import WitnessingError
from wicketgate.keys import KeysError
from wicketgate.ledger import LedgerError
from wicketgate.stages.context import ContextError
from wicketgate.stages.intake import SubmissionError
from wicketgate.store.database import DatabaseError
from wicketgate.store.log import LogError
from wicketgate.store.vault import SealedError

REFUSALS = (
    SubmissionError,
    ContextError,
    RegisterRefusedError,
    HouseError,
    ClusterError,
    DatabaseError,
    LedgerError,
    LogError,
    WitnessingError,
    KeysError,
    SealedError,
    UnsignedError,
    EngineDisagreementError,
)
"""What a person can mend: each carries one clear sentence."""
