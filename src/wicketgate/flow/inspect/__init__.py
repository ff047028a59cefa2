"""The inspector's desk: it reads everything by handle, and changes no case.

What a request says of a person is opened for a stated purpose only, and the opening is an entry of the
ledger before anything is shown. No suspension closes the desk: whoever looks into a stopped gate works on.
"""
