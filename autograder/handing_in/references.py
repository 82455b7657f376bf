"""Find the files that notebooks and modules refer to: own modules, data and pictures.

Nothing is parsed or run. Imports are found by their lines, and a file counts as referred to if its
name occurs in the code or the text. A name too many adds a file that is there anyway; a name too
few would cost a student points. `hand_in.py`, grading and the checks of a release all use this.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.handing_in.own_files import (
    FILE_BYTES,
    FILES,
    FOLDER_BYTES,
    IN_TEXT,
    NEVER_MODULES,
    TOTAL_BYTES,
    is_passed_over,
    texts_of,
)

_LOOKED_AT = 2_000
_ODD_NAMES = 200
_SCANNED_BYTES = 20_000_000
_NAMES = 2_000
_PLACES = 100
_FOLDERS = 50
_MOST_TRIED = 100

_IMPORT = re.compile(r"(?:^|[:;])[ \t]*import[ \t]+([\w. \t,]+)", re.MULTILINE)
_FROM = re.compile(r"(?:^|[:;])[ \t]*from[ \t]+([\w.]+)[ \t]+import\b", re.MULTILINE)
_BY_CALL = re.compile(r"(?:import_module|__import__|run_module)\(\s*[\"'](\w+)")
_QUOTED = re.compile(r"""["'](?:\./)?([^"'\n]{1,200}?)/?["']""")
_APART = "\"'()[]<>/\\=,;:|{}?#`*!"
_WORD = re.compile(rf"[^\s{re.escape(_APART)}]+")
_BEFORE = re.compile(r"[\w./\\%~:-]*$")


@dataclass(frozen=True)
class Module:
    """A module of a student's own next to what was asked for.

    Attributes:
        within: the folder that it is imported from; "" for the top.
        roots: the packages (`shapes/`) and notebooks that lead to it.
    """

    within: str
    roots: tuple[str, ...]


@dataclass
class References:
    """What files refer to, found while they are read; the caller reads the files `scan` returns.

    Args:
        listing: the size of each file that is there, by its path from the top; 0 if unknown.
        asked: the paths of the files that are handed in anyway.

    Attributes:
        taken: the path under which a file is handed in -> its path in the listing.
        notices: what was left out, one sentence each.
    """

    listing: Mapping[str, int]
    asked: Collection[str]
    taken: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        asked, names = frozenset(self.asked), {_name(path) for path in self.asked}
        self._tops = {path.partition("/")[0].removesuffix(".py") for path in self.asked}
        self._by_name: dict[str, list[str]] = {}
        self._folders: dict[str, list[str]] = {}
        others = (
            path
            for path in self.listing
            if path not in asked and not is_passed_over(path) and _name(path) not in names
        )
        for path, _ in zip(others, range(_LOOKED_AT), strict=False):
            self._by_name.setdefault(_name(path), []).append(path)
            for parent in map(str, list(PurePosixPath(path).parents)[:-1]):
                self._folders.setdefault(parent, []).append(path)
        self._odd = [name for name in self._by_name if not _WORD.fullmatch(name)][:_ODD_NAMES]
        self._edges: dict[str, set[str]] = {}
        self._by_code: set[str] = set()
        self._modules: dict[str, tuple[str, set[str]]] = {}  # name -> folder, importing files
        self._used_folders: set[str] = set(self.asked) | set(self._folders)
        self._bytes = self._scanned = 0

    def scan(self, path: str, data: bytes) -> list[str]:
        """Search a file, and return the paths, as keys of `taken`, that were not known before.

        Args:
            path: the path under which it is handed in.
            data: its bytes.
        """
        self._scanned += len(data) if path.endswith(".py") else 0
        if self._scanned > _SCANNED_BYTES or not self._by_name:
            return []
        code, text = texts_of(path, data)
        before = len(self.taken)
        folders = [one for one in dict.fromkeys(_QUOTED.findall(code)) if one in self._folders]
        self._find_modules(path, code, folders[:_FOLDERS])
        for listed, written in self._named_in(code):
            if listed.removesuffix(".py") not in NEVER_MODULES:
                self._take(path, listed, written, True)
        for listed, written in self._named_in(text):
            if listed.lower().endswith(IN_TEXT):
                self._take(path, listed, written, False)
        for folder in folders[:_FOLDERS]:
            self._take_folder(path, folder)
        return list(self.taken)[before:]

    @property
    def modules(self) -> dict[str, Module]:
        """The modules that can be imported by name, each with what leads to it."""
        found = {}
        for name, (within, importers) in self._modules.items():
            roots = {root for importer in importers for root in self._roots_of(importer)}
            found[name] = Module(within, tuple(sorted(roots)))
        return found

    def referred_by(self, notebook: str) -> tuple[str, ...]:
        """Return the files that the code of a notebook, and of all it leads to, refers to."""
        reached: set[str] = set()
        queue = [notebook, *(path for path in self.asked if path.endswith(".py"))]
        while queue:
            new = self._edges.get(queue.pop(), set()) - reached
            reached |= new
            queue += sorted(new)
        return tuple(sorted(reached & self._by_code))

    def _roots_of(self, path: str) -> set[str]:
        """Return the packages and notebooks from which a file is reached."""
        roots, seen, queue = set[str](), {path}, [path]
        while queue:
            here = queue.pop()
            if here in self.asked:
                roots.add(f"{here.partition('/')[0]}/" if "/" in here else here)
            new = {source for source, targets in self._edges.items() if here in targets} - seen
            seen |= new
            queue += new
        return roots

    def _find_modules(self, path: str, code: str, folders: list[str]) -> None:
        for name in _tops_imported(code):
            if name in self._tops:
                continue
            if name in NEVER_MODULES:
                if f"{name}.py" in self._by_name.get(f"{name.lower()}.py", ()):
                    self._left_out(f"{name}.py", f"{name} is the name of a library; rename it")
                continue
            for within in ("", *folders):
                start = f"{within}/{name}" if within else name
                inside = [one for one in self._folders.get(start, ()) if one.endswith(".py")]
                inside += [one for one in self._by_name.get(f"{name.lower()}.py", ())
                           if one == f"{start}.py"]  # fmt: skip
                if inside:
                    self._modules.setdefault(name, (within, set()))[1].add(path)
                    for one in inside:
                        self._take(path, one, one, True)
                    break

    def _named_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the files whose name occurs in a text, and the path at which it expects them."""
        places: dict[str, int] = {}
        lower = text.lower()
        for word in _WORD.finditer(text) if self._may_name(lower) else ():
            for name in (word[0].lower(), word[0].lower().rstrip(".")):
                if name in self._by_name:
                    places.setdefault(name, word.start())
        for name in self._odd if len(lower) == len(text) else ():
            if (start := _find_name(lower, name)) >= 0:
                places[name] = start
        for name, start in places.items():
            for listed in self._by_name[name]:
                yield listed, self._as_written(text, listed, start, len(name))

    def _may_name(self, lower: str) -> bool:
        """Tell quickly whether a text, in lower case, may name one of the files."""
        many = len(self._by_name) > _MOST_TRIED
        return many or any(name.rstrip(".") in lower for name in self._by_name)

    def _as_written(self, text: str, listed: str, start: int, length: int) -> str:
        """Return the path at which code looks for a file that is elsewhere.

        Loose files have lost their folders, and only some systems distinguish case.
        """
        before = _BEFORE.search(text[max(0, start - 100) : start])
        folder = (before[0] if before else "").replace("\\", "/").removeprefix("./")
        path = folder + text[start : start + length]
        is_plain = re.fullmatch(r"(?:(?!\.)[\w.-]+/)*(?!\.)[^/]+", path) and len(path) < 120
        is_moved = "/" not in listed or _folded(path) == _folded(listed)
        is_free = path not in self.listing and len(self._by_name[_name(listed)]) == 1
        is_ours = path.partition("/")[0] not in self._tops and not is_passed_over(path)
        return path if is_plain and is_moved and is_free and is_ours else listed

    def _take(self, referring: str, listed: str, path: str, by_code: bool) -> None:
        if path not in self.taken:
            parents = {str(parent) for parent in PurePosixPath(path).parents}
            if parents & {*self.taken, *self.asked} or path in self._used_folders:
                return
            size = self.listing[listed]
            why = ""
            if len(self.taken) >= FILES:
                why = f"more than {FILES} files are referred to"
            elif size > FILE_BYTES:
                why = f"it is larger than {FILE_BYTES // 1_000_000} MB"
            elif self._bytes + size > TOTAL_BYTES:
                why = f"the files referred to have more than {TOTAL_BYTES // 1_000_000} MB"
            if why:
                return self._left_out(listed, why)
            self._bytes += size
            self._used_folders |= parents
            self.taken[path] = listed
        self._edges.setdefault(referring, set()).add(path)
        if by_code:
            self._by_code.add(path)
        return None

    def _take_folder(self, referring: str, folder: str) -> None:
        files = self._folders[folder]
        size = sum(self.listing[one] for one in files)
        if size > FOLDER_BYTES or len(files) > FILES:
            words = f"it holds {len(files):,} files with {size / 1e6:.0f} MB"
            return self._left_out(f"{folder}/", words)
        for one in files:
            self._take(referring, one, one, True)
        return None

    def _left_out(self, what: str, why: str) -> None:
        notice = f"{what} was left out: {why}"
        if notice not in self.notices:
            self.notices.append(notice)


def _find_name(text: str, name: str) -> int:
    """Return where a name occurs in a text, but not as a part of another one; -1 if nowhere."""
    start = text.find(name)
    for _ in range(_PLACES):
        if start < 0:
            break
        before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
        if all(not sign or sign in _APART or sign.isspace() for sign in (before, after.strip("."))):
            return start
        start = text.find(name, start + 1)
    return -1


def _name(path: str) -> str:
    return _folded(path.rpartition("/")[2])


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).lower()


def _tops_imported(code: str) -> Iterator[str]:
    names = [part for found in _IMPORT.findall(code) for part in found.split(",")]
    names += _FROM.findall(code) + _BY_CALL.findall(code)
    tops = (one.split()[0].split(".")[0] for one in names if one.strip())
    for top, _ in zip(dict.fromkeys(tops), range(_NAMES), strict=False):
        if top:  # an import that begins with dots stays in its package
            yield top
