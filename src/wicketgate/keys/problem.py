"""Why nothing is revealed."""


class KeysError(RuntimeError):
    """No key was given, so nothing is revealed; one sentence."""


class KeysRefusedError(KeysError):
    """The key process refused: what it was shown does not allow this key."""


class NotProvedError(KeysRefusedError):
    """What was shown as evidence does not hold; its sentence may repeat words of what was shown."""


class KeysUnreachableError(KeysError):
    """The key process does not answer."""
