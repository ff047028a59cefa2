"""Which account of the operating system runs the server: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from wicketgate.embedded.problem import ClusterError

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Nothing of the caller's environment reaches the server."""


@dataclass(frozen=True, slots=True)
class Account:
    """The caller's own account, or for root an unprivileged one that already exists."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def choose(cls) -> Account:
        """The account that will own the data; for root that is ``nobody``."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dropped=False)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise ClusterError(
                "PostgreSQL does not run as root and there is no account 'nobody';"
                " run wicketgate as an ordinary user."
            ) from None
        return cls(nobody.pw_uid, nobody.pw_gid, dropped=True)

    def _identity(self) -> dict[str, Any]:
        if not self.dropped:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str | Path, cwd: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """Run to the end as this account; the caller reads return code and output."""
        try:
            return subprocess.run(
                [str(part) for part in command],
                capture_output=True,
                text=True,
                check=False,
                cwd=cwd,
                env=_ENVIRONMENT,
                umask=0o077,
                **self._identity(),
            )
        except OSError as error:
            return subprocess.CompletedProcess(command, 126, "", str(error))

    def spawn(self, *command: str | Path, cwd: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a server in a session of its own, so that Ctrl-C reaches us first."""
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=cwd,
            env=_ENVIRONMENT,
            umask=0o077,
            start_new_session=True,
            **self._identity(),
        )

    def reaches(self, directory: Path) -> bool:
        """True when this account can walk to `directory`, asked of the system itself."""
        return self.run("test", "-x", directory).returncode == 0

    def make_private(self, directory: Path) -> None:
        """Create `directory` for this account alone."""
        directory.mkdir(mode=0o700)
        if self.dropped:
            os.chown(directory, self.uid, self.gid)
