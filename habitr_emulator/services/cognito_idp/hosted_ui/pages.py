"""The look of the hosted UI: plain HTML for every browser, without script; dark where the browser is.

``render`` is pure: what a page says goes in, HTML comes out; every text is escaped here and nowhere else.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

_STYLE = """
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5b6775;--paper:#fff;--ground:#eef1f5;--line:#c3cad4;
--act:#0b6b50;--on-act:#fff;--bad:#a3160f;--bad-ground:#fdeceb}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#a5b0bd;--paper:#1b222b;--ground:#11161c;
--line:#455160;--act:#4fc69f;--on-act:#06251b;--bad:#ffb4ab;--bad-ground:#3b1715}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem;
padding:2rem}
h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}
p{margin:0 0 1rem}
.pool,footer,.hint{color:var(--soft);font-size:.875rem}
.pool{margin:0 0 .25rem}
.hint{display:block;font-weight:400}
.error{color:var(--bad);background:var(--bad-ground);border-left:.25rem solid var(--bad);padding:.6rem .8rem;
border-radius:.25rem;overflow-wrap:anywhere}
.secret{font:1rem ui-monospace,monospace;overflow-wrap:anywhere}
label{display:block;margin:0 0 1rem;font-weight:600}
input,select{display:block;width:100%;margin-top:.25rem;padding:.6rem .7rem;font:inherit;color:inherit;
background:transparent;border:1px solid var(--soft);border-radius:.4rem}
select{background:var(--paper)}
button,a.choice{display:block;width:100%;margin:0 0 .6rem;padding:.65rem 1rem;font:inherit;font-weight:600;
text-align:center;text-decoration:none;color:var(--on-act);background:var(--act);border:1px solid var(--act);
border-radius:.4rem;cursor:pointer}
button.minor,a.choice{color:var(--ink);background:transparent;border-color:var(--line)}
a{color:var(--act)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
hr{border:0;border-top:1px solid var(--line);margin:1.25rem 0}
nav{margin-top:1rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
footer{margin-top:1.5rem}
"""
STYLE_HASH = "sha256-" + b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class Field:
    """An input with its label; ``options`` (value to text) make it a choice."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    autocomplete: str = "off"
    hint: str = ""
    required: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is posted to ``action``; ``minor`` is one beside the page's purpose."""

    action: str
    button: str
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, from top to bottom. ``choices`` and ``links`` are texts and their addresses."""

    title: str
    pool: str
    error: str = ""
    notes: tuple[str, ...] = ()
    secret: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    forms: tuple[Form, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def render(page: Page, proof: Mapping[str, str]) -> bytes:
    """The page as HTML; ``proof`` goes into every form as hidden fields."""
    parts = [
        f'<p class="pool">{escape(page.pool)}</p>',
        f"<h1>{escape(page.title)}</h1>",
        f'<p class="error" role="alert" id="problem">{escape(page.error)}</p>' if page.error else "",
        *(f"<p>{escape(note)}</p>" for note in page.notes),
        f'<p class="secret">{escape(page.secret)}</p>' if page.secret else "",
        *(f'<a class="choice" href="{escape(to)}">{escape(text)}</a>' for text, to in page.choices),
        "<hr>" if page.choices and page.forms else "",
        *(_form(form, proof, first=index == 0, wrong=bool(page.error)) for index, form in enumerate(page.forms)),
        _links(page.links),
        "<footer>A local habitr-emulator; nothing leaves this machine.</footer>",
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(page.title)}</title><style>{_STYLE}</style>'
    )
    body = "".join(part for part in parts if part)
    return f'<!doctype html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>'.encode()


def _form(form: Form, proof: Mapping[str, str], *, first: bool, wrong: bool) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {**proof, **form.hidden}.items()
    )
    fields = "".join(
        _field(each, focus=first and index == 0, wrong=first and wrong) for index, each in enumerate(form.fields)
    )
    name = f' name="{escape(form.name)}"' if form.name else ""
    look = ' class="minor"' if form.minor else ""
    button = f'<button type="submit"{look}>{escape(form.button)}</button>'
    return f'<form{name} method="post" action="{escape(form.action)}">{hidden}{fields}{button}</form>'


def _field(each: Field, *, focus: bool, wrong: bool) -> str:
    flags = (" required" if each.required else "") + (" autofocus" if focus else "")
    flags += ' aria-describedby="problem"' if wrong else ""
    hint = f'<span class="hint">{escape(each.hint)}</span>' if each.hint else ""
    if each.options:
        options = "".join(
            f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in each.options.items()
        )
        control = f'<select name="{escape(each.name)}"{flags}>{options}</select>'
    else:
        control = (
            f'<input name="{escape(each.name)}" type="{escape(each.kind)}" value="{escape(each.value)}"'
            f' autocomplete="{escape(each.autocomplete)}"{flags}>'
        )
    return f"<label>{escape(each.label)}{hint}{control}</label>"


def _links(links: tuple[tuple[str, str], ...]) -> str:
    inner = "".join(f'<a href="{escape(to)}">{escape(text)}</a>' for text, to in links)
    return f"<nav>{inner}</nav>" if inner else ""
