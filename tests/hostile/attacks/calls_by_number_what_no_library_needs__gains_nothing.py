"""Calls that an ordinary process may make, and that nothing here has a use for, by their numbers.

Earns: 2
Class: 5 8 14 16
Repeat: without root
"""

import ctypes
import os

from shapes.tools import X86, answer, syscall, works

ROOM = ctypes.create_string_buffer(4096)
PAGE = (ctypes.addressof(ctypes.create_string_buffer(3 * 4096)) + 4095) & -4096
OWN = os.getpid()
NUMBERS = (
    (434, OWN, 0),  # pidfd_open
    (425, 1, ROOM),  # io_uring_setup
    (206, 1, ROOM),  # io_setup
    (323, 1),  # userfaultfd, user mode only
    (135, 0x0400000),  # personality: READ_IMPLIES_EXEC
    (154, 0, ROOM, 16),  # modify_ldt: read
    (222, 0, 0, ROOM),  # timer_create
    (282, -1, ROOM, 8),  # signalfd
    (289, -1, ROOM, 8, 0),  # signalfd4
    (283, 0, 0),  # timerfd_create
    (319, ctypes.c_char_p(b"x"), 0),  # memfd_create
    (444, 0, 0, 1),  # landlock_create_ruleset
    (330, 0, 0),  # pkey_alloc
    (149, PAGE, 4096),  # mlock
    (325, PAGE, 4096, 0),  # mlock2
    (151, 0),  # mlockall
    (461, ROOM, ROOM, 0),  # lsm_list_modules
    (312, OWN, OWN, 2, 0, 0),  # kcmp
    (238, 0, 0, 0),  # set_mempolicy
    (237, PAGE, 4096, 0, 0, 0, 0),  # mbind
    (162,),  # sync
    (306, 0),  # syncfs
    (133, ctypes.c_char_p(b"fifo"), 0o10600, 0),  # mknod
    (188, ctypes.c_char_p(b"."), ctypes.c_char_p(b"user.x"), ROOM, 1, 0),  # setxattr
    (29, 0, 4096, 0o1600),  # shmget
    (64, 0, 1, 0o1600),  # semget
    (68, 0, 0o1600),  # msgget
    (240, ctypes.c_char_p(b"x"), 0o102, 0o600, 0),  # mq_open
    (272, 0),  # unshare nothing
    (324, 1, 0, 0),  # membarrier of all cores
    (251, 1, 0, 4 << 13),  # ioprio_set
    (141, 0, 0, 5),  # setpriority
    (144, 0, 0, ROOM),  # sched_setscheduler
    (129, OWN, 10, ROOM),  # rt_sigqueueinfo
    (54, 0, 1, 15, ROOM, 4),  # setsockopt
    (41, 1, 1, 0),  # socket
    (53, 1, 5, 0, ROOM),  # socketpair of packets
    (457, ROOM, ROOM, 4096, 0),  # statmount
    (437, -100, ctypes.c_char_p(b"."), ROOM, 24),  # openat2
    (462, PAGE, 4096, 0),  # mseal
    (1000, 0), (2**20, 0), (511, 0),  # what is to come
)  # fmt: skip


def one_works():
    for number in NUMBERS:
        if works(lambda number=number: syscall(*number)):
            return
    raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
