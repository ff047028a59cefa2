"""What the server logs: when, where, which kind of error. No paths, no values, no traceback."""

from __future__ import annotations

import logging
from traceback import extract_tb


class Plain(logging.Formatter):
    """One line for a record, without its message's arguments and without the exception's words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        words = [self.formatTime(record), record.levelname, record.name]
        status = getattr(record, "status_code", None)
        if status:
            words.append(f"status {status}")
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = extract_tb(trace)
            place = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
            words.append(f"{kind.__name__}{place}")
        elif not record.name.startswith("django.request"):
            words.append(str(record.msg))
        return " ".join(words)
