"""Plain pages with one form, of our own and outside Streamlit: they are served before anything else opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse

from review_app.web.body import read_body

_LARGEST_FORM = 8_192

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chartroom: {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 }}
form {{ width: 20rem; display: grid; gap: .6rem }}
h1 {{ font-size: 1.4rem; margin: 0 0 .4rem }}
p {{ margin: 0 }}
input, button {{ font: inherit; padding: .55rem .7rem; border: 1px solid #767676; border-radius: .4rem }}
button {{ background: #0b5cad; color: #fff; border-color: #0b5cad; cursor: pointer }}
button.plain {{ background: none; color: inherit }}
p[role=alert] {{ color: #b00020 }}
@media (prefers-color-scheme: dark) {{ p[role=alert] {{ color: #ff9aa5 }} }}
</style></head><body><form method="post" action="{action}">
<h1>Chartroom</h1>{lead}{alert}
{fields}
<button>{button}</button>{more}</form></body></html>"""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form; `fills` is what a browser may fill in (the attribute autocomplete)."""

    name: str
    label: str
    kind: str
    fills: str


def plain_page(
    title: str,
    action: str,
    fields: Sequence[Field],
    button: str,
    alert: str = "",
    *,
    lead: str = "",
    signs_out: bool = False,
    status: int = 200,
) -> HTMLResponse:
    """A page with a form that is sent to `action`; the cursor stands in its first line, and nothing that was typed comes back."""
    lines = "\n".join(
        f'<label for="{f.name}">{f.label}</label>\n'
        f'<input id="{f.name}" name="{f.name}" type="{f.kind}" autocomplete="{f.fills}"{" autofocus" * (at == 0)} required>'
        for at, f in enumerate(fields)
    )
    page = _PAGE.format(
        title=title,
        action=action,
        lead=f"<p>{escape(lead)}</p>" if lead else "",
        alert=f'<p role="alert">{escape(alert)}</p>' if alert else "",
        fields=lines,
        button=button,
        more='<button class="plain" formaction="/logout" formnovalidate>Sign out</button>' if signs_out else "",
    )
    return HTMLResponse(page, status)


async def read_form(request: Request, *names: str) -> tuple[str, ...]:
    """The lines of a form that was sent, empty where one is missing; BodyTooLarge for more than 8 KB."""
    form = parse_qs((await read_body(request, _LARGEST_FORM)).decode("utf-8", "replace"))
    return tuple(form.get(name, [""])[0] for name in names)
