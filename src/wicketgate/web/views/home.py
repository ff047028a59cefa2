"""The first page after signing in: who you are here, what your role does, and what waits for you."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "home.html")


def proved(request: HttpRequest) -> HttpResponse:
    """Where a fresh proof ends that was asked for in another tab."""
    return render(request, "proved.html")
