"""The river: intake, review, verify, decide, disclose. Pure decisions, no I/O, one direction.

`verify` accepts only a `Sufficient`, `decide` only a `Verified`, `disclose` only an
`Approved`. Each is made in exactly one function and carries its predecessor's digest.
"""
