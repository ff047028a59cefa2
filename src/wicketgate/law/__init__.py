"""The law engine: reads an authority by whitelist, compiles it once, evaluates and explains."""

from wicketgate.law.authority import Authority, Overlay, load
from wicketgate.law.compiled import CompiledLaw, compile_authority
from wicketgate.law.element import Element
from wicketgate.law.errors import AuthorityError
from wicketgate.law.source import authorities
from wicketgate.law.vocabulary import Vocabulary

__all__ = [
    "Authority",
    "AuthorityError",
    "CompiledLaw",
    "Element",
    "Overlay",
    "Vocabulary",
    "authorities",
    "compile_authority",
    "load",
]
