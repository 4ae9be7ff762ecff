"""The person behind this browser, as the gate says."""

import streamlit as st

from storage.foundation.permissions import Actor, Role


def current_actor() -> Actor:
    """The signed-in person; the script stops when the gate was bypassed."""
    name, role = st.user.get("username"), st.user.get("role")
    if not name or role not in set(Role) or role == Role.MACHINE:
        st.error("You are not signed in. Open this address again to sign in.")
        st.stop()
    return Actor(str(name), Role(role))
