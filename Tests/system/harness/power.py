"""A disk that forgets in a power cut what was not flushed to it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from .host import Host


@dataclass
class ForgetfulDisk:
    """Below a host that was not started yet."""

    host: Host
    library: Path

    @property
    def state(self) -> Path:
        return self.host.folder / "state"

    @property
    def kept(self) -> Path:
        return self.host.folder / "durable"

    def insert(self) -> None:
        for kind in ("inodes", "folders"):
            (self.kept / kind).mkdir(parents=True, exist_ok=True)
        self.host.environment |= {
            "LD_PRELOAD": str(self.library),
            "DURABLE": str(self.kept),
            "STATE": str(self.state),
        }

    def cut_at(self, flush: int) -> None:
        """Ends the host in this flush, counted from now."""
        (self.kept / "cut-at").write_text(str(flush))

    def restore(self) -> None:
        """Leaves of the state what was flushed, and takes the disk out; the host does not run."""
        folders = {}
        for listing in (self.kept / "folders").glob("*"):
            if not listing.name.endswith(".new"):
                path, *entries = listing.read_text().splitlines()
                folders[path] = [entry.rsplit(" ", 2) for entry in entries]
        left = self.host.folder / "left"
        self.rebuild(folders, str(self.state), left)
        shutil.rmtree(self.state)
        left.rename(self.state)
        for name in ("LD_PRELOAD", "DURABLE", "STATE"):
            del self.host.environment[name]

    def rebuild(self, folders: dict[str, list[list[str]]], path: str, target: Path) -> None:
        target.mkdir(mode=0o700)
        for name, inode, kind in folders.get(path, []):
            if kind == "folder":
                self.rebuild(folders, f"{path}/{name}", target / name)
            # Shared memory is no part of the disk.
            elif not name.endswith("-shm"):
                content = self.kept / "inodes" / inode
                (target / name).write_bytes(content.read_bytes() if content.exists() else b"")
                (target / name).chmod(0o600)
