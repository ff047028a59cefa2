"""Files of a form go straight to the disk, within limits, with their digest: nothing stays in memory."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from wicketgate.flow import SubmissionError
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving

if TYPE_CHECKING:
    _Uploaded = UploadedFile[Any]
else:
    _Uploaded = UploadedFile  # generic for the type checker alone


class Streamed(_Uploaded):
    """A file that lies on the disk already."""

    def __init__(self, arriving: Arriving, name: str) -> None:
        super().__init__(name=name, size=arriving.size)
        self.arriving = arriving


class ToDisk(FileUploadHandler):
    """Takes the named fields, each up to so many bytes. What nobody kept is gone at the end of the block.

    `problem` says why a file was not taken; the rest of what is sent is then not read.
    """

    def __init__(self, uploads: Uploads, largest: Mapping[str, int]) -> None:
        super().__init__()
        self._uploads, self._largest = uploads, largest
        self._all: list[Arriving] = []
        self.problem = ""
        self._is_over = False  # a page that refuses may read the form later, and then nobody tidies up

    def new_file(self, field_name: str, *arguments: Any, **words: Any) -> None:
        """A file begins."""
        super().new_file(field_name, *arguments, **words)
        if self._is_over or field_name not in self._largest or any(self._now(field_name)):
            raise SkipFile
        self._all.append(Arriving(self._uploads, self._largest[field_name], field_name))

    def _now(self, field_name: str) -> list[Arriving]:
        return [each for each in self._all if each.field == field_name]

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """More of it; nothing is handed on."""
        try:
            self._all[-1].write(raw_data)
        except SubmissionError as error:
            self.problem = str(error)
            raise StopUpload(connection_reset=True) from None

    def file_complete(self, file_size: int) -> Streamed:
        """It is whole."""
        return Streamed(self._all[-1], self.file_name or "")

    def __enter__(self) -> ToDisk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        for each in self._all:
            each.discard()
