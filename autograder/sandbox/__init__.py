"""Run student code in separate processes, and talk to them over a channel that carries only values.

The processes, in the order in which they start:

    launch.py      starts a zygote
    zygote.py      the program that imports numpy, holds no secrets, and forks a worker per request
    job.py         the specification of a worker
    worker.py      confines itself, proves it, then serves one object server until disconnected
    client.py      the judge's side: opens workers, sends requests, ends workers
    channel.py     frames on a socket, with size limits and deadlines; trusts nothing it receives

The layers, applied by confine.py in each worker and tested by selftest.py:

    identity.py    the user id                 seccomp.py     the system-call filter
    landlock.py    readable and writable files library.py     and which packages of them
    namespaces.py  the network                 watch.py       limits on all processes together
    syscalls.py    the allowed calls           pressure.py    the order of the OOM killer
    unlinked_files.py    open files and kernel objects not counted elsewhere
    policy.py      the layers that each mode requires; modes.py names the modes

temporary.py creates a run's private folders, and removes those of runs that were killed.
reap.py ends a process with everything that it has started; processes.py lists these.

This package does not know what a rubric, an item or a score is.
"""
