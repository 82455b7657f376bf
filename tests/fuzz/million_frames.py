"""Try the judge's decoder with a million forged frames: `python tests/fuzz/million_frames.py`.

Needs nothing but the tool itself. The same seed gives the same frames. It ends with a line of
figures, or at the first frame that gets out what it must not, which it prints.
"""

import argparse
import hashlib
import resource
import sys
import time
from collections import Counter
from random import Random

from frames import mutated, real_replies
from judging import find_fault, take

ADDRESS_SPACE = 2 * 2**30
GROWTH = 128 * 2**20


def main() -> int:
    """Run; 0 where every frame ended as documented."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    rng = Random(options.seed)
    drafts = real_replies()
    ends: Counter[str] = Counter()
    digest = hashlib.sha256()
    growth, slowest, started = 0, 0.0, time.perf_counter()
    for number in range(options.frames):
        frame = mutated(rng.choice(drafts), rng, drafts)
        digest.update(frame)
        before, memory = time.process_time(), _memory()
        try:
            came_out = take(frame)
            fault = find_fault(came_out)
        except Exception as error:
            came_out, fault = None, f"{type(error).__name__}: {error}"
        slowest = max(slowest, time.process_time() - before)
        growth += _memory() - memory
        if fault:
            print(f"frame {number} of seed {options.seed}: {fault}\n{frame[:2000]!r}")
            return 1
        ends[type(came_out).__name__ if isinstance(came_out, Exception) else "value"] += 1
    seconds = time.perf_counter() - started
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(ends.items()))
    print(
        f"{options.frames:,} frames of seed {options.seed} in {seconds:.0f} s: {counts}; "
        f"slowest {slowest * 1000:.0f} ms, memory +{growth / 2**20:.0f} MiB, "
        f"sha256 {digest.hexdigest()[:16]}"
    )
    if growth > GROWTH:
        print(f"more memory than the {GROWTH // 2**20} MiB that frames of 1 MiB may cost")
        return 1
    return 0


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
