"""Made-up people, registers and submissions, the famous bad ones included.

Nothing here is used by the gate. Every generator is deterministic in its seed,
and the truth beside a submission is worked out from the register by a simple
rule of its own (`synthetic.roll`), never by the gate's code.
"""

from wicketgate.synthetic.identity_files import make_identities
from wicketgate.synthetic.procedure_2025 import Procedure2025, procedure_2025
from wicketgate.synthetic.register import make_register
from wicketgate.synthetic.submission import make_submission
from wicketgate.synthetic.writing import SyntheticError

__all__ = [
    "Procedure2025",
    "SyntheticError",
    "make_identities",
    "make_register",
    "make_submission",
    "procedure_2025",
]
