"""What a function said, kept while there is room: whole files repeat the same texts again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Said = TypeVar("Said")


class Remembered(dict[Asked, Said]):
    """`remembered[value]` is `function(value)`. A dictionary, since nothing is quicker to ask.

    Beyond `most` answers it forgets all of them and begins again.
    """

    def __init__(self, function: Callable[[Asked], Said], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, value: Asked) -> Said:
        said = self._function(value)
        if len(self) >= self._most:
            self.clear()
        self[value] = said
        return said
