"""What a function said, kept while there is room: whole files repeat the same texts again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Said = TypeVar("Said")


class Kept(dict[Asked, Said]):
    """Answers by what was asked. A dictionary, since nothing is quicker to ask.

    Beyond `most` answers it forgets all of them and begins again.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, value: Asked, said: Said) -> None:
        """Keep one more answer."""
        if len(self) >= self._most:
            self.clear()
        self[value] = said


class Remembered(Kept[Asked, Said]):
    """`remembered[value]` is `function(value)`."""

    def __init__(self, function: Callable[[Asked], Said], most: int) -> None:
        super().__init__(most)
        self._function = function

    def __missing__(self, value: Asked) -> Said:
        said = self._function(value)
        self.keep(value, said)
        return said
