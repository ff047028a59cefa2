"""A requesting agency sends a whole file, follows it, stops it, and downloads what was found, row by row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wicketgate.flow import SubmissionError
from wicketgate.flow.bulk import look
from wicketgate.flow.bulk.place import FORMATS, Uploads
from wicketgate.flow.bulk.take_in import LARGEST, LARGEST_SIGNATURES, take_in
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.try_budget import MOST, WINDOW
from wicketgate.web.arriving import Streamed, ToDisk
from wicketgate.web.configuration import served
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xml": "application/xml",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Sending(forms.Form):
    """The file, and the signatures of its rows."""

    file = forms.FileField(
        label=gettext_lazy("File of requests"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "CSV in UTF-8, JSON Lines, Parquet, XLSX or XML. One row is one request about one person, and"
            " stands alone: what a letter beside the file says is in no row."
        ),
    )
    signatures = forms.FileField(
        label=gettext_lazy("Signatures"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("What `wicketgate agency sign` has made beside your file."),
    )

    def __init__(self, *arguments: Any, signed: bool, **words: Any) -> None:
        super().__init__(*arguments, **words)
        if not signed:
            del self.fields["signatures"]


@csrf_exempt  # not at all: `_send` checks the token, once it is said where the bytes go
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The form, and the files sent so far. What is sent goes to the disk and never into memory."""
    with ToDisk(Uploads(served().uploads), {"file": LARGEST, "signatures": LARGEST_SIGNATURES}) as handler:
        request.upload_handlers = [handler]
        return _send(request, handler)


@csrf_protect
def _send(request: HttpRequest, handler: ToDisk) -> HttpResponse:
    opened, actor = gate(), actor_of(request)
    form = Sending(request.POST or None, request.FILES or None, signed=opened.signed_only)
    if request.method == "POST" and handler.problem:
        form.is_valid()
        form.errors.clear()
        form.add_error("file", handler.problem)
    elif form.is_valid():
        try:
            taken = take_in(
                opened,
                actor,
                Uploads(served().uploads),
                form.cleaned_data["file"].name or "",
                _arrived(form.cleaned_data["file"]),
                _arrived(form.cleaned_data["signatures"]) if form.cleaned_data.get("signatures") else None,
            )
        except SubmissionError as error:
            form.add_error("file", str(error))
        except UnsignedError as error:
            form.add_error("signatures" if "signatures" in form.fields else "file", str(error))
        else:
            if taken.again:
                messages.info(
                    request, _("You sent this very file before: here it is. Nothing was taken twice.")
                )
            return redirect("sent_file", taken.upload)
    shown = {"form": form, "sent": look.newest(opened, actor)}
    return render(request, "agency/send_file.html", shown, status=WRONG if form.errors else 200)


def _arrived(file: UploadedFile[Any]) -> Any:
    if not isinstance(file, Streamed):
        raise ValidationError(_("Choose the file again."))
    return file.arriving


@require_safe
def sent(request: HttpRequest, upload: int) -> HttpResponse:
    """One file: how far it is, what was found in it, and what can be downloaded."""
    seen = look.one(gate(), actor_of(request), upload)
    if seen is None:
        raise Http404
    ready = look.table(gate(), actor_of(request), Uploads(served().uploads), upload, "results", "csv")
    shown = {"seen": seen, "upload": seen.upload, "formats": FORMATS, "ready": ready is not None}
    shown |= {"most": MOST, "days": WINDOW.days}
    shown["working"] = seen.upload.is_open or (seen.upload.submission is not None and ready is None)
    return render(request, "agency/sent_file.html", shown)


@require_POST
def steer(request: HttpRequest, upload: int) -> HttpResponse:
    """Pause, go on or cancel."""
    act = request.POST.get("act", "")
    if act not in ("pause", "resume", "cancel"):
        raise Http404
    paused = {"pause": True, "resume": False}.get(act)
    if not look.steer(gate(), actor_of(request), upload, paused=paused, cancel=act == "cancel"):
        messages.info(request, _("This file is finished already; nothing was changed."))
    return redirect("sent_file", upload)


@require_safe
def table(request: HttpRequest, upload: int, name: str, kind: str) -> FileResponse:
    """Results or problems of one file, to download."""
    path = look.table(gate(), actor_of(request), Uploads(served().uploads), upload, name, kind)
    if path is None:
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{name}-{upload}.{kind}",
        content_type=_KINDS[kind],
    )
