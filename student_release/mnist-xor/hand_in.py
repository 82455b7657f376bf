"""Look over your work and make submission.zip of it:

    python hand_in.py
    python hand_in.py --no-checks     without running the public checks

A zip is made whatever is found; what it says are hints. No package needs to be installed.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("hand_in.py needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER / "autograder.pyz"))
sys.dont_write_bytecode = True

from autograder.handing_in.command import main  # noqa: E402

sys.exit(main(FOLDER, sys.argv[1:]))
