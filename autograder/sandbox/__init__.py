"""Run student code in processes of its own, and talk to it over a channel that carries values only.

The side on which each module runs, in the order in which the processes start:

    judge      launch.py        starts a zygote
               client.py        handles: Zygote, Worker, Fork; start, ask, pause and end processes
               requests.py      requests to a zygote, and replies that are still to come
               rest.py          workers at rest, which must not wake by themselves
               watch.py         limits on memory, disk, processes and threads of a whole worker
               pressure.py      which process the kernel ends first where memory is short
               cores.py         keeps judge and worker on one core while they answer quickly
               reading.py       has files parsed by a worker that holds no student code
               policy.py        which layers a mode requires; modes.py lists the modes
    zygote     zygote.py        imports numpy and nothing secret, and forks a worker per request
               identity.py      a user id for each worker
               namespaces.py    networks without devices
               library.py       which packages' files may be read; library_files.py, needed.py
               reap.py          ends a process with everything that it has started
    worker     worker.py        confines itself, proves it, then answers requests and forks
               own_tests.py     runs tests that a student wrote
               confine.py       puts the layers on; selftest.py tries to break out of them
               landlock.py      which files
               seccomp.py       which system calls; syscalls.py is the table of calls
               imports.py       which modules may be imported
               guard.py         which names of libraries may be used; guarding.py, guard_hook.py,
                                callers.py, name_patterns.py
    both       channel.py       frames on a socket, with caps and deadlines; trusts nothing received
               worker_spec.py   what a worker loads and may do
    any side   libc.py          calls of the C library
               processes.py, memory.py, unlinked_files.py   what the kernel reports of processes
               opening.py, access_times.py   opens and reads files without leaving a trace
               temporary.py     a run's private folders; removes those of runs that were killed

Nothing here knows what a rubric, an item or a score is.
"""
