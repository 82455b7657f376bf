"""Three hundred threads that calculate.

Earns: 2
Class: 14
Ends: t1-row-sums=passed
Repeat: without root
"""

import threading

from shapes.tools import until


def work():
    for _ in until(5):
        pass


def square(x):
    for _ in range(300):
        threading.Thread(target=work).start()
    return 2 * x
