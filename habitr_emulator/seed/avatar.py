"""A drawn face for a name: the same name gives the same picture."""

from habitr_emulator.kernel.ids import derived

_COLOURS = ("#e76f51", "#f4a261", "#e9c46a", "#2a9d8f", "#457b9d", "#7b6cb0", "#c9587b", "#5a8f4f")
MEDIA_TYPE = "image/svg+xml"


def avatar(name: str) -> str:
    """An SVG of 64 by 64: a round face with eyes, a mouth and a cap, coloured by the name."""
    number = derived("avatar", name)
    back, cap = (_COLOURS[number >> shift & 7] for shift in (0, 3))
    apart, mouth, high = 8 + (number >> 6 & 3), 4 + (number >> 8 & 7), 27 + (number >> 11 & 3)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<rect width="64" height="64" rx="14" fill="{back}"/><circle cx="32" cy="36" r="20" fill="#fde8d0"/>'
        f'<path d="M12 30a20 20 0 0 1 40 0z" fill="{cap}"/>'
        f'<circle cx="{32 - apart}" cy="{high + 9}" r="2.5"/><circle cx="{32 + apart}" cy="{high + 9}" r="2.5"/>'
        f'<path d="M24 46q8 {mouth} 16 0" fill="none" stroke="#000" stroke-width="2"/></svg>'
    )
