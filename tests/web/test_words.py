"""Every word of the pages is there for translators."""

from docs.words import ENGLISH, collected


def test_the_file_for_translators_is_what_the_sources_say() -> None:
    assert ENGLISH.read_text("utf-8") == collected(), "run `make words`"


def test_it_holds_words_of_templates_tags_forms_and_plurals() -> None:
    words = collected()
    for expected in ("Sign in with a passkey", "Where you are signed in", "Sign-in name", "Late"):
        assert f'msgid "{expected}"' in words
    assert 'msgid_plural "%(n)s sessions"' in words
