"""Run student code in processes of its own, and talk to it over a channel that carries values only.

The processes, in the order in which they come:

    launch.py      starts a zygote
    zygote.py      the program that imports numpy, nothing secret, and forks a clean worker per job
    job.py         what a worker is told
    worker.py      confines itself, proves it, then serves one object server until hung up on
    client.py     the judge's side: open workers, ask them, end them
    channel.py        frames on a socket, with caps and deadlines; believes nothing it receives

The layers, put on by confine.py in each worker and tried by selftest.py:

    identity.py    a user id of its own        seccomp.py     which system calls
    landlock.py    which files                 library.py     and which packages of them
    namespaces.py  which network               watch.py       how much, all processes together
    syscalls.py    the table of calls          pressure.py    who ends first where memory is short
    unlinked_files.py    what is open and no folder or process counts
    libc.py        calls of the C library that these need
    policy.py      which layers a mode cannot do without; modes.py knows the modes

A run's private folders come from temporary.py, which also removes those of runs that were killed.
And at the end: reap.py ends a process with everything that it has started; processes.py finds that.

Nothing here knows what a rubric, an item or a score is.
"""
