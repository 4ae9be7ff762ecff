"""The review app: Streamlit behind our gate, with our own routes for signing in and for pictures."""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: its threads spin beside ours

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from ingest.logs import silence_libraries
from review_app.web import papers, password, pictures, protocol, signin
from review_app.web.gate import Gate

silence_libraries()

app = st.App(
    str(Path(__file__).parent / "screens" / "start.py"),
    routes=[
        Route("/login", signin.login, methods=["GET", "POST"]),
        Route("/logout", signin.logout, methods=["POST"]),
        Route("/password", password.change, methods=["GET", "POST"]),
        *pictures.routes(),
        *protocol.routes(),
        *papers.routes(),
    ],
    middleware=[Middleware(Gate)],
)
