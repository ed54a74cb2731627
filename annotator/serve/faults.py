"""A fault of the program -> an id, and beside it in the log what to mend."""

from __future__ import annotations

import logging
from typing import Final
from uuid import uuid4

FAULT: Final = "a fault of the program, please report it with this id"
"""All that a client is told: what failed may show what others sent."""


def record(fault: BaseException) -> str:
    """Log a fault with its traceback under a new id."""
    fault_id = uuid4().hex
    logging.getLogger(__name__).error("fault %s", fault_id, exc_info=fault)
    return fault_id
