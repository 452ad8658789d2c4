"""The rules of a folder, which change while they are in use."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import ConcordError, RuleRefused
from .rule import Rule

OnChange = Callable[["Rule | None", "Rule | None"], None]
OnRefused = Callable[[Path, Exception], None]
_Stamp = tuple["tuple[int, int, int] | None", ...]


@dataclass(frozen=True)
class _File:
    """When a file and what lies beside it changed, the rule that answers for it, and why what is there now is refused."""

    stamp: _Stamp
    rule: Rule | None
    refused: Exception | None = None


class Rules:
    """Every rule of a folder; the highest version of a package goes by its name alone. Options are those of `Rule.load`.

    Where there is no `on_refused`, a file that is refused is an error. So is a folder that is not there or has no module: a wrong path is not to be found out by
    the first patient.
    """

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
        self._files: dict[Path, _File] = {}
        self._rules: dict[tuple[str, str], Rule] = {}
        self._told: dict[Path, tuple[_Stamp, str]] = {}
        self._reloading = threading.Lock()
        self._end = threading.Event()
        self._watcher: threading.Thread | None = None
        self.reload()
        if not self._files:
            raise FileNotFoundError(errno.ENOENT, "there is no module (.wasm) in this folder", str(folder))

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
        """Looks again. What is new or has changed is loaded and checked before it takes the place of the old; a file that is refused changes nothing, and is
        raised where nobody is told, after the others have taken their places."""
        with self._reloading:
            files = {}
            for path in sorted(self._folder.iterdir()):
                if path.suffix == ".wasm" and not path.name.endswith(".batch.wasm") and not path.name.startswith("."):
                    files[path] = self._file(path)
            refused = {path: of.refused for path, of in files.items() if of.refused}
            rules: dict[tuple[str, str], Rule] = {}
            for path, of in files.items():
                if of.rule is None:
                    continue
                kept = rules.setdefault((of.rule.info.package, of.rule.info.version), of.rule)
                if kept.info.sha256 != of.rule.info.sha256:
                    twice = RuleRefused("twice", "another file is the same version of the package, and not the same bytes")
                    refused[path] = self._refuse(path, of.stamp, twice)
            self._told = {path: why for path, why in self._told.items() if path in refused}
            old, self._files, self._rules = self._rules, files, rules
        for which in sorted({*old, *rules}):
            before, after = old.get(which), rules.get(which)
            if before is not after and self._on_change:
                self._on_change(before, after)
        if refused and not self._on_refused:
            raise next(iter(refused.values()))

    def _file(self, path: Path) -> _File:
        """A file as it is, or as it was where nothing has changed or what is there now is refused. One that is refused is tried again: what it was refused for may
        have passed."""
        before = self._files.get(path)
        stamp: _Stamp = ()
        try:
            stamp = _stamp(path)
            if before and before.stamp == stamp and not before.refused:
                return before
            rule = Rule.load(path, **self._options)
            if before and before.rule and before.rule.info.sha256 == rule.info.sha256:
                rule = before.rule
            return _File(stamp, rule)
        except (ConcordError, OSError) as error:
            return _File(stamp, before.rule if before else None, self._refuse(path, stamp, error))

    def _refuse(self, path: Path, stamp: _Stamp, error: Exception) -> Exception:
        """Tells of a file that is refused, and again where it is another or the reason is; what is raised where nobody is told says which file it was."""
        why = stamp, str(error)
        if self._told.get(path) != why:
            self._told[path] = why
            if self._on_refused:
                self._on_refused(path, error)
        return RuleRefused(error.code, f"{path}: {error.why}") if isinstance(error, RuleRefused) else error

    def watch(self, every: float = 2.0) -> None:
        """Reloads every so many seconds, until `close`. What goes wrong meanwhile is told to `on_refused`, with the folder."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, args=(every,), name="concord rules", daemon=True)
            self._watcher.start()

    def _watch(self, every: float) -> None:
        while not self._end.wait(every):
            try:
                self.reload()
            except Exception as error:  # the folder is away, a file is refused, or a hook threw: the watch goes on
                if self._on_refused:
                    self._on_refused(self._folder, error)

    def close(self) -> None:
        """Ends the watch. The rules go on."""
        self._end.set()
        if self._watcher:
            self._watcher.join()

    def __enter__(self) -> Rules:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _stamp(path: Path) -> _Stamp:
    """What changes when a module does, or its manifest or the module for batches beside it."""

    def of(file: Path) -> tuple[int, int, int] | None:
        try:
            found = file.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    path.stat()  # which is an error where the file is not there
    return of(path), of(path.with_suffix(".manifest.json")), of(path.with_suffix(".batch.wasm"))


def _ordered(version: str) -> tuple[tuple[int, ...], str]:
    """1.10.0 is above 1.9.0."""
    return tuple(int(part) for part in version.split(".") if part.isdigit()), version
