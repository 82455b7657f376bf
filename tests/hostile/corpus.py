"""The attacks: files of `attacks/`, and what their docstrings say of them."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

ATTACKS = Path(__file__).parent / "attacks"
FORMS = {"build", "notebook"}
TIMEOUT_S = 3
"""Time limit of an item; short, since many attacks use it up."""
CAPPED_TIMEOUT_S = 30
"""Of an attack that a cap is to stop."""


@dataclass(frozen=True)
class Attack:
    """One file of the corpus, with what the lines `Key: value` of its docstring say.

    Attributes:
        name: the file's stem, which says the outcome.
        text: its source.
        earns: points of its honest part; the score may not be above them.
        classes: the classes of attack that it belongs to (README.md).
        ends: item -> statuses, one of which the item must end with.
        caps: one of them the first of these items is told to have used more than; none where no
            cap is to stop the attack. Such an attack has time enough: a slow machine does not stop
            it before the cap does.
        seconds: the time limit of its items; longer where slowness must not look like an outcome.
        twice: grade it with two sets of secrets; what a student sees must be the same.
        jobs: submissions graded at a time.
        builds: it makes a submission itself, with `build(folder, files)`, for archives.
        course: which assignment it is handed in for, "noted" where it is a notebook.
        repeated: `make test-plain-user` repeats it, since it attacks what the kernel guards by
            user: files, processes, memory, limits.
        open: why it gets through, where that is known and stays so; "" elsewhere.
    """

    name: str
    text: str
    earns: float
    classes: tuple[int, ...]
    ends: dict[str, set[str]]
    caps: tuple[str, ...]
    seconds: int
    twice: bool
    jobs: int
    builds: bool
    course: str
    repeated: bool
    open: str

    def __str__(self) -> str:
        return self.name

    @property
    def timeout_s(self) -> int:
        """Time limit of its items."""
        return CAPPED_TIMEOUT_S if self.caps else self.seconds

    def loaded(self):
        """The attack as a module of this process; for those that build."""
        spec = importlib.util.spec_from_file_location(self.name, ATTACKS / f"{self.name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def read_attack(file):
    """Read an attack and the keys of its docstring."""
    text = file.read_text(encoding="utf-8")
    docstring = text.split('"""')[1]
    keys = dict(re.findall(r"^([A-Z][a-z]+): (.+)$", docstring, re.MULTILINE))
    known = {"Earns", "Class", "Ends", "Cap", "Seconds", "Secrets", "Jobs", "Form"}
    known |= {"Repeat", "Open"}
    assert set(keys) <= known, f"{file.name}: unknown keys {set(keys) - known}"
    assert keys.get("Repeat", "without root") == "without root", f"{file.name}: {keys['Repeat']}"
    forms = set(keys.get("Form", "").split())
    assert forms <= FORMS, f"{file.name}: unknown forms {forms - FORMS}"
    ends = (part.split("=") for part in keys.get("Ends", "").split(", ") if part)
    return Attack(
        name=file.stem,
        text=text,
        earns=float(keys["Earns"]),
        classes=tuple(int(number) for number in keys["Class"].split()),
        ends={item: set(statuses.split("|")) for item, statuses in ends},
        caps=tuple(keys["Cap"].split("|")) if "Cap" in keys else (),
        seconds=int(keys.get("Seconds", TIMEOUT_S)),
        twice=keys.get("Secrets") == "twice",
        jobs=int(keys.get("Jobs", "1")),
        builds="build" in forms,
        course="noted" if "notebook" in forms else "tiny",
        repeated="Repeat" in keys,
        open=keys.get("Open", ""),
    )


def all_attacks():
    """Every attack of the corpus."""
    return [read_attack(file) for file in sorted(ATTACKS.glob("*__*.py"))]
