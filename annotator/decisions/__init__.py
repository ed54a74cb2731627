"""Decisions of people -> verdicts, how far people agree, and what to ask them next."""

from annotator.decisions.agreement import (
    Agreement,
    OverrideRate,
    Pace,
    PairAgreement,
    agreement,
    override_rates,
    pace,
)
from annotator.decisions.coefficients import Coefficient
from annotator.decisions.queue import (
    ORDERS,
    Filter,
    Order,
    QueueItem,
    matching,
    ordered,
    weights,
)
from annotator.decisions.verdicts import current, disputed, verdicts

__all__ = [
    "ORDERS",
    "Agreement",
    "Coefficient",
    "Filter",
    "Order",
    "OverrideRate",
    "Pace",
    "PairAgreement",
    "QueueItem",
    "agreement",
    "current",
    "disputed",
    "matching",
    "ordered",
    "override_rates",
    "pace",
    "verdicts",
    "weights",
]
