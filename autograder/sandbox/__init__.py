"""Run student code in processes of its own, and talk to it over a wire that carries values only.

    wire.py     frames on a socket, with caps and deadlines; believes nothing it receives
    launch.py   starts a zygote
    zygote.py   the program that imports numpy, nothing secret, and forks a clean worker per job
    worker.py   what a forked worker does: limits itself, then serves one workbench until closed
    process.py  the judge's side: open workers, ask them, end them
    reap.py     end a process with everything that it has started

Nothing here knows what a rubric, an item or a score is.
"""
