"""The officers' workplace, below its pages: each public function is one act or one view of one person.

Every function takes the open `Gate` and the `Actor` who acts; every act is one transaction with its entry in
the ledger, or it is nothing. A refusal is a `WorkRefusedError` (`refusals`): `str(error)` is the sentence for
the page, `error.code` is stable. `OvertakenError` says that somebody else was first. `version` is that of the
page on which the person acted (`CaseView.version`). No function here takes more than one request.

Views
- ``queue.queue(gate, actor, filters=Filters(), sort="due", after=None, rules=…) -> Page``
- ``queue.home(gate, actor, rules=…) -> Home``
- ``queue.export(gate, actor, filters, rules=…) -> Iterator[Case]``
- ``case.case(gate, actor, handle, kin, rules=…) -> CaseView``
- ``capacity.capacity(gate, rules=…) -> Capacity``
- ``evidence_of_judgement.evidence_of_judgement(gate, inspector, rules=…) -> Evidence``

Acts
- ``claim.claim(gate, actor, handle, rules=…) -> datetime``
- ``claim.release_claim(gate, actor, handle, reasons)``
- ``declare.declare(gate, actor, handle, conflict, reasons=None)``: before anything is judged
- ``endorse.endorse(gate, actor, handle, version, reasons=None) -> Done``
- ``examine.return_with_findings(gate, actor, handle, version, [(code, words)…], reasons) -> Done``
- ``examine.refer(gate, actor, handle, version, [(code, question)…], reasons) -> Done``
- ``determine_referral.resolve_referral(gate, actor, handle, version, [(code, reasons)…]) -> Done``
- ``determine_referral.reject_referral(gate, actor, handle, version, [(code, reasons)…]) -> Done``
- ``decide.approve(gate, actor, handle, version, Confirmation(typed, proved_at), reasons=None, rules=…)
  -> Done``
- ``decide.refuse(gate, actor, handle, version, Confirmation(typed, proved_at), reasons, rules=…) -> Done``
- ``resume.resume(gate, counsel, handle, version, reasons) -> Done``: a held request begins again
- ``withdraw.withdraw(gate, clerk, handle, reasons) -> Done``
- ``dissent.dissent(gate, actor, handle, statement, Assertion(…) or proved_at) -> int``: a signed one
- ``dissent.answer_dissent(gate, actor, handle, number, reasons)``: one that came after the approval
- ``plant.plant(gate, inspector, request, why, submission="requests.csv", kin=None) -> Handle``

The gate's own part
- ``open_office.open_office(gate) -> bool``: whenever a server starts
- ``onward.onward(gate, handle) -> State``: after every act; asks the register, releases
- ``flow.receive.receive(…, kin=Kin(key))``: so that requests find each other
"""
