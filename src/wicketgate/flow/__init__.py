"""One file per act: load, let the stage decide, record in the ledger and save, in one transaction.

The outer rooms speak to the gate through here and know no stage.
"""

from wicketgate.stages.context import ContextError, load_context
from wicketgate.stages.intake import SubmissionError

__all__ = ["ContextError", "SubmissionError", "load_context"]
