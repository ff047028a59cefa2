"""The page that verifies a receipt in the browser alone, with no connection."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

import wicketgate.ledger
from tests.ledger.logs import KEY, entries, signed
from wicketgate.ledger import (
    Kind,
    LogKey,
    Note,
    Receipt,
    SigningKey,
    commit,
    inclusion_proof,
    leaf_hash,
    open_field,
)
from wicketgate.ledger.tree import root_of

PAGE = Path(wicketgate.ledger.__file__).with_name("verify.html")
CHROMIUM = shutil.which("chromium")
FIELDS = {"handle": "WG-2B3C-4D5F-6G7H", "decision": "refuse", "reasons": "<b onclick=alert(1)>ü “none”</b>"}
MADE = commit("decision", FIELDS)
LEAVES = [*entries(400), MADE.leaf, *entries(37)]
INDEX = 400
INSPECTOR = SigningKey.generate("inspector.example/ed", Kind.COSIGNATURE_ED25519)
COURT = SigningKey.generate("court.example/ml", Kind.COSIGNATURE_MLDSA44)

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="there is no chromium on this machine; `make check` installs it"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page, opened as a file; whatever it asks for, complains of or throws fails the test."""
    complaints: list[str] = []
    opened = browser.new_page()
    opened.on("request", lambda request: complaints.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(PAGE.as_uri())
    yield opened
    opened.close()
    assert complaints == [PAGE.as_uri()]


def receipt(leaf: bytes = MADE.leaf, index: int = INDEX, *cosigners: SigningKey) -> str:
    """A receipt of one of the leaves."""
    leaves = [*LEAVES[:index], leaf, *LEAVES[index + 1 :]]
    hashes = [leaf_hash(each) for each in leaves]
    path = inclusion_proof(
        index, len(hashes), lambda level, at: root_of(hashes[at << level : (at + 1) << level])
    )
    note = Note.parse(signed(leaves))
    for cosigner in cosigners:
        note = note.signed(cosigner, 1_800_000_000)
    return str(Receipt(index, tuple(path), str(note)))


def openings(*names: str) -> dict[str, str]:
    """Opened fields of the decision."""
    return {
        name: open_field(MADE.leaf, "decision", FIELDS, MADE.nonces, name).to_text()
        for name in names or ("decision", "reasons", "dissent")
    }


def verify(page: Page, proof: str, opened: dict[str, str], key: str = KEY.vkey, witnesses: str = "") -> str:
    """Fill in the form and have the answer."""

    def file(name: str, text: str) -> FilePayload:
        return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}

    page.evaluate("document.getElementById('result').replaceChildren()")
    page.set_input_files("#receipt", [file("receipt.tlog-proof", proof)])
    page.set_input_files("#openings", [file(f"{name}.json", text) for name, text in opened.items()])
    page.fill("#key", key)
    page.fill("#witnesses", witnesses)
    page.click("button")
    page.wait_for_selector("#result h2")
    return page.inner_text("#result")


def test_a_receipt_holds_and_says_what(page: Page) -> None:
    told = verify(page, receipt(), openings())
    assert told.startswith("Everything holds.")
    assert "Entry 400 of gate.example.gov/ledger, of kind decision, stands in the log of 438 entries." in told
    rows = page.locator("#result tr").all_inner_texts()
    assert rows == ["Field\tValue", "decision\trefuse", f"reasons\t{FIELDS['reasons']}", "dissent\tabsent"]
    assert page.locator("#result b").count() == 0, "a value is text, never markup"


@pytest.mark.parametrize("index", [0, 1, 255, 256, 437])
def test_wherever_the_entry_stands(page: Page, index: int) -> None:
    assert f"Entry {index} of" in verify(page, receipt(index=index), openings())


def test_no_character_of_receipt_or_opening_can_change(page: Page) -> None:
    proof, opened = receipt(), openings("reasons")
    for at in range(0, len(proof), 17):
        changed = proof[:at] + ("A" if proof[at] != "A" else "B") + proof[at + 1 :]
        assert verify(page, changed, opened).startswith("It does not hold."), changed
    text = opened["reasons"]
    for at in range(0, len(text), 29):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert verify(page, proof, {"reasons": changed}).startswith("It does not hold."), changed


REFUSED = {
    "another log's key": (receipt(), openings(), LogKey.generate(KEY.origin).vkey, "not signed by"),
    "a key of another name": (receipt(), openings(), LogKey.generate("other.example").vkey, "not signed by"),
    "no key": (receipt(), openings(), "nothing", "NAME+HASH+KEY"),
    "a receipt of another entry": (receipt(LEAVES[7], 7), openings(), KEY.vkey, "does not prove this entry"),
    "fields of two entries": (
        receipt(),
        openings("decision")
        | {
            "other": open_field(
                (other := commit("decision", FIELDS)).leaf, "decision", FIELDS, other.nonces, "reasons"
            ).to_text()
        },
        KEY.vkey,
        "different entries",
    ),
    "an opening in the receipt's place": (openings()["reasons"], openings(), KEY.vkey, "is not a receipt"),
    "a receipt in an opening's place": (receipt(), {"x": receipt()}, KEY.vkey, "x.json is not an opening"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(page: Page, what: str) -> None:
    proof, opened, key, why = REFUSED[what]
    told = verify(page, proof, opened, key)
    assert told.startswith("It does not hold.")
    assert why in told


def test_cosignatures_count_when_they_are_asked_for(page: Page) -> None:
    proof = receipt(MADE.leaf, INDEX, INSPECTOR, COURT)
    assert "cosigned" not in verify(page, proof, openings())
    assert "cosigned by inspector.example/ed." in verify(
        page, proof, openings(), witnesses=f"{INSPECTOR.verifier}\n"
    )
    other = SigningKey.generate("else.example", Kind.COSIGNATURE_ED25519)
    assert "not signed by else.example" in verify(page, proof, openings(), witnesses=str(other.verifier))
    assert "post-quantum" in verify(page, proof, openings(), witnesses=str(COURT.verifier))
    text, _, lines = proof.rpartition("— inspector")
    forged = text + "— inspector" + lines[:60] + ("A" if lines[60] != "A" else "B") + lines[61:]
    assert "It does not hold." in verify(page, forged, openings(), witnesses=str(INSPECTOR.verifier))


def test_the_policy_allows_this_script_and_nothing_else() -> None:
    text = PAGE.read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    for tag, source in (("script", "script-src"), ("style", "style-src")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert not re.search(r"https?:|src=|href=|fetch|XMLHttp|WebSocket|innerHTML| style=| on\w+=", text)


def test_everybody_can_use_it(page: Page) -> None:
    for told in ("", verify(page, receipt(), openings()), verify(page, receipt(), openings(), "x")):
        found = Axe().run(page)
        assert found.violations_count == 0, (told, found.generate_report())
