"""A bundle of evidence: records, proofs, the law and a verifier, to be checked far from the gate."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from wicketgate.core.actor import Actor
from wicketgate.core.digest import canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.desk import require_inspector
from wicketgate.flow.inspect.opening import require_open
from wicketgate.flow.work.refusals import UnknownRequestError
from wicketgate.flow.work.signature import Terms, logged_signatures, signer
from wicketgate.law import AuthorityError
from wicketgate.law.authority import version_document
from wicketgate.ledger import Receipt, VerifierKey, inclusion_proof, open_field
from wicketgate.ledger.verifier_app import APP, PAGE, page, verifier_app
from wicketgate.store import log, requests, tiles, work_case
from wicketgate.store.log import Recorded
from wicketgate.store.services import Service

README = """Evidence from the ledger of {origin}

requests/HANDLE/N.tlog-proof    entry N stands in the log (c2sp.org/tlog-proof@v1)
requests/HANDLE/N.FIELD.json    what a field of entry N says
content/DIGEST                  the documents that entries name by their SHA-256: a request as it was written,
                                the version of the law under which it was determined, with its texts, and each
                                dissent with the signature under it
SHA256SUMS                      every file

Check all of it, on any machine, without the gate:

    python3 wicketgate-verify.pyz --bundle . --vkey KEY

with the log's key from somebody you trust; it needs Python 3.11 and the package `cryptography`. verify.html
checks single receipts in a browser. What is proved: that these entries stand in the log, and say this. Not
proved: that there are no others about a request, nor that what was logged is true.
{remarks}"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def bundle(gate: Gate, actor: Actor, handles: Sequence[Handle]) -> bytes:
    """A ZIP file about requests that this inspector has opened.

    Every field of every entry is opened in it. Raises `NotAllowedError`, `UnknownRequestError`, and
    `UnopenedError` for a request that was not opened for a stated purpose.
    """
    require_inspector(actor)
    now = gate.clock.now()
    with gate.acting(Service.AUDIT) as connection:
        recorded = log.about(connection, handles)
        checkpoint = log.latest_checkpoint(connection)
        stored = {handle: requests.get(connection, handle) for handle in handles}
        dissents = {handle: work_case.objections(connection, handle) for handle in handles}
    contents: dict[bytes, None] = {}
    remarks = []
    for handle in handles:
        each = stored[handle]
        if each is None or checkpoint is None:
            raise UnknownRequestError(f"There is no request {handle}.")
        require_open(recorded.get(handle, ()), actor, handle, now)
        contents[canonical(each.request.as_mapping())] = None
        logged = logged_signatures(recorded.get(handle, ()))
        for said in dissents[handle]:
            terms = Terms(gate.key.vkey, handle, said.officer, said.role, digest(said.statement))
            if signer(terms, said.signature, logged) == "broken":
                remarks.append(f"Dissent {said.number} on {handle} was changed: the ledger has another.")
            else:
                written = (said.statement, said.signature)
                contents |= dict.fromkeys(canonical(text) for text in written if text is not None)
    needed = {
        str(entry.body["authority_digest"])
        for entries in recorded.values()
        for entry in entries
        if entry.body.get("authority_digest")
    }
    if gate.law.authority.digest in needed:
        try:
            contents[version_document(gate.law.authority)] = None
        except AuthorityError as problem:
            remarks.append(f"The text of the law is not in it: {problem}")
    remarks += [
        f"The text of the version {digest} is not in it: another one is in force now."
        for digest in sorted(needed - {gate.law.authority.digest})
    ]
    size, note = checkpoint or (0, "")
    files = dict(_entries(gate, recorded, size, note))
    files |= {f"content/{hashlib.sha256(content).hexdigest()}": content for content in contents}
    key = VerifierKey.parse(gate.key.vkey)
    files |= {
        "README.txt": README.format(origin=key.name, remarks="\n".join(("", *remarks))).encode(),
        "vkey": f"{key}\n".encode(),
        "checkpoint": note.encode(),
        APP: verifier_app(),
        PAGE: page(),
    }
    sums = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = "".join(sums).encode()
    return _packed(files)


def _entries(
    gate: Gate, recorded: Mapping[Handle, Sequence[Recorded]], size: int, note: str
) -> Iterable[tuple[str, bytes]]:
    with gate.acting(Service.WITNESS) as connection:
        tiles.keep_tiles(connection, size)
        hashes = tiles.stored_hashes(connection, size)
        for handle, entries in recorded.items():
            for each in entries:
                if each.index >= size:
                    continue  # recorded after the checkpoint was read
                place = f"requests/{handle}/{each.index}"
                made = Receipt(each.index, tuple(inclusion_proof(each.index, size, hashes)), note)
                yield f"{place}.tlog-proof", str(made).encode()
                for name in each.body:
                    opening = open_field(each.leaf, each.kind, each.body, each.nonces, name)
                    yield f"{place}.{name}.json", opening.to_text().encode()


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
