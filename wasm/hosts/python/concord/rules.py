"""The rules of a folder, which change while they are in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .errors import ConcordError, RuleRefused
from .rule import Rule

OnChange = Callable[["Rule | None", "Rule | None"], None]
OnRefused = Callable[[Path, Exception], None]
_Stamp = tuple[int, int, int]


class Rules:
    """Every rule of a folder; the highest version of a package goes by its name alone. Options are those of `Rule.load`."""

    def __init__(
        self,
        folder: str | Path,
        *,
        on_change: OnChange | None = None,
        on_refused: OnRefused | None = None,
        **options: Any,
    ) -> None:
        self._folder, self._options = Path(folder), options
        self._on_change, self._on_refused = on_change, on_refused
        self._files: dict[Path, tuple[_Stamp, Rule | None]] = {}
        self._rules: dict[tuple[str, str], Rule] = {}
        self._reloading = threading.Lock()
        self._end = threading.Event()
        self._watcher: threading.Thread | None = None
        self.reload()

    def __getitem__(self, package: str) -> Rule:
        """The highest version of a package."""
        versions = [rule for (name, _), rule in self._rules.items() if name == package]
        if not versions:
            raise KeyError(package)
        return max(versions, key=lambda rule: _ordered(rule.info.version))

    def get(self, package: str, version: str | None = None) -> Rule:
        """A package in one version, or in its highest."""
        return self[package] if version is None else self._rules[package, version]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def reload(self) -> None:
        """Looks again. What is new or has changed is loaded and checked before it takes the place of the old; a file that is refused changes nothing."""
        with self._reloading:
            files = {}
            for path in sorted(self._folder.glob("*.wasm")):
                if not path.name.endswith(".batch.wasm"):
                    files[path] = self._file(path)
            rules: dict[tuple[str, str], Rule] = {}
            for path, (_, rule) in files.items():
                if rule is None:
                    continue
                kept = rules.setdefault((rule.info.package, rule.info.version), rule)
                if kept.info.sha256 != rule.info.sha256:
                    self._refuse(path, RuleRefused("twice", "another file is the same version of the package, and not the same bytes"))
            old, self._files, self._rules = self._rules, files, rules
        for which in sorted({*old, *rules}):
            before, after = old.get(which), rules.get(which)
            if before is not after and self._on_change:
                self._on_change(before, after)

    def _file(self, path: Path) -> tuple[_Stamp, Rule | None]:
        """A file as it is, or as it was where nothing has changed or what is there now is refused."""
        before = self._files.get(path)
        stamp: _Stamp = (0, 0, 0)
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if before and before[0] == stamp:
                return before
            rule = Rule.load(path, **self._options)
            if before and before[1] and before[1].info.sha256 == rule.info.sha256:
                rule = before[1]
            return stamp, rule
        except (ConcordError, OSError, ValueError) as error:
            self._refuse(path, error)
            return stamp, before[1] if before else None

    def _refuse(self, path: Path, error: Exception) -> None:
        if self._on_refused:
            self._on_refused(path, error)

    def watch(self, every: float = 2.0) -> None:
        """Reloads every so many seconds, until `close`."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, args=(every,), name="concord rules", daemon=True)
            self._watcher.start()

    def _watch(self, every: float) -> None:
        while not self._end.wait(every):
            self.reload()

    def close(self) -> None:
        """Ends the watch. The rules go on."""
        self._end.set()
        if self._watcher:
            self._watcher.join()

    def __enter__(self) -> Rules:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _ordered(version: str) -> tuple[tuple[int, ...], str]:
    """1.10.0 is above 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdigit()), version
