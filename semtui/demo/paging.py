"""Page sizes as the services behind the gRPC gateway read them."""

import re

from semtui.demo.errors import INVALID_ARGUMENT, gateway_refusal
from semtui.demo.records import Params


def page_size(params: Params, most: int, default: int) -> int:
    """The page size asked for; 0 is the default, and more than the most is refused."""
    text = str(params.get("page_size", 0))
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        reason = f'type mismatch, parameter: page_size, error: strconv.ParseInt: parsing "{text}": invalid syntax'
        raise gateway_refusal(INVALID_ARGUMENT, reason)
    size = int(text)
    if size > most:
        raise gateway_refusal(INVALID_ARGUMENT, f"Page size can't exceed {most}")
    return size if size > 0 else default
