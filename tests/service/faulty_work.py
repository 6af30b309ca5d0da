"""Work that fails in the way that a document asks for by a label."""

import os
import signal
import time

from gradgraph.service.drawing import Drawn, Surroundings, draw_order
from gradgraph.service.orders import Order


def faulty(order: Order, around: Surroundings) -> Drawn:
    """Draw an order, unless its document asks for a fault."""
    if b"fault:spin" in order.document:
        while True:
            pass
    if b"fault:hang" in order.document:
        time.sleep(3600)
    if b"fault:slow" in order.document:
        time.sleep(0.5)
    if b"fault:killed" in order.document:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"fault:garbage" in order.document:
        os.write(1, b"this is no answer\n" * 10)
    if b"fault:memory" in order.document:
        parts = []
        while True:
            parts.append(bytes(1 << 26))
    return draw_order(order, around)
