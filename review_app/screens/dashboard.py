"""Dashboard: throughput, backlog and its age, what went straight through, corrections, accuracy, one's own numbers."""

from collections.abc import Mapping

import streamlit as st

from review_app.model import numbers as model
from review_app.screens.who import current_actor
from review_app.web.desk import home
from review_app.widgets.listing.component import listing, moment
from review_app.widgets.plot import plot
from storage.foundation.clock import zone_name
from storage.foundation.states import DocumentState


def draw() -> None:
    """Draw throughput, backlog, accuracy and the figures of the signed-in person."""
    found = model.measure(home(), current_actor())
    st.subheader(f"The last {model.DAYS} days")
    total = found.by_hand + found.by_machine
    _figures(
        {
            "Approved": total,
            "Straight-through rate": f"{found.by_machine / total:.0%}" if total else "–",
            "To verify": found.states.get(DocumentState.TO_VERIFY, 0),
            "Rescans open": found.states.get(DocumentState.RESCAN, 0),
        }
    )
    st.text("Documents that wait, by what they wait for")
    _figures(found.waits)
    listing(
        ["Waits for", "Reason", "Documents", f"Oldest since ({zone_name()})"],
        [[queue, reason, count, moment(since)] for queue, reason, count, since in found.reasons],
        key="dashboard_reasons",
        none="No document is pended.",
    )
    left, right = st.columns(2)
    with left:
        plot("Documents approved a day", list(found.days), list(found.days.values()), key="plot_days", kind="line")
        plot("Waiting to be verified, by age", list(found.backlog), list(found.backlog.values()), key="plot_backlog")
        plot("Approved by", list(found.operators), list(found.operators.values()), key="plot_people")
    with right:
        plot(
            "Field correction rate",
            list(found.corrected),
            [round(100 * share, 1) for share in found.corrected.values()],
            key="plot_corrected",
            unit=" %",
        )
        plot(
            "Auto-classification accuracy",
            list(found.types),
            [round(100 * share, 1) for share in found.types.values()],
            key="plot_types",
            unit=" %",
        )
        plot("Corrections made, by field", list(found.rejected), list(found.rejected.values()), key="plot_rejected")
        plot("Pages by outcome of reading", list(found.outcomes), list(found.outcomes.values()), key="plot_outcomes")


def _figures(figures: Mapping[str, int | str]) -> None:
    for column, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(name, value)
