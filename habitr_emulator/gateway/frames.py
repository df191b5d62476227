"""WebSocket frames, as the fan-out of events writes them."""


def text_frame(text: bytes) -> bytes:
    """A server's text frame, whole and unmasked. https://www.rfc-editor.org/rfc/rfc6455#section-5.2"""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text
