"""Codes that ask for money: to whom, and how much. Account numbers are not shown, amounts exactly as they stand.

In: the text of a code. Out: one line, or None where it is no payment. Pays nothing and asks nobody.
"""

import re
from urllib.parse import parse_qs, unquote

_CURRENCIES = {
    "036": "AUD", "124": "CAD", "156": "CNY", "344": "HKD", "356": "INR", "360": "IDR", "392": "JPY", "410": "KRW",
    "458": "MYR", "554": "NZD", "608": "PHP", "702": "SGD", "704": "VND", "756": "CHF", "764": "THB", "826": "GBP",
    "840": "USD", "901": "TWD", "978": "EUR", "986": "BRL",
}  # fmt: skip
"""ISO 4217, numbers to letters."""
_COINS = {"bitcoin": "BTC", "ethereum": "ETH", "litecoin": "LTC", "dogecoin": "DOGE", "lightning": ""}
_AMOUNT = re.compile(r"\d{1,12}([.,]\d{1,8})?")


def payment_in(text: str) -> str | None:
    """ "Payee, amount", as far as the code says it. Never raises."""
    for read in (_epc, _swiss, _emvco, _scheme):
        found = read(text)
        if found is not None:
            return found
    return None


def _told(payee: str, amount: str, currency: str) -> str:
    sum_asked = f"{amount} {currency}".strip() if _AMOUNT.fullmatch(amount) else ""
    return ", ".join(filter(None, (payee.strip()[:34], sum_asked)))


def _epc(text: str) -> str | None:
    lines = text.splitlines()
    if len(lines) < 7 or lines[0].strip() != "BCD" or lines[3].strip() != "SCT":
        return None
    asked = lines[7].strip() if len(lines) > 7 else ""
    return _told(lines[5], asked[3:], asked[:3] if asked[:3].isalpha() else "")


def _swiss(text: str) -> str | None:
    lines = text.splitlines()
    if len(lines) < 20 or lines[0].strip() != "SPC":
        return None
    return _told(lines[5], lines[18].strip(), lines[19].strip()[:3])


def _emvco(text: str) -> str | None:
    if not re.match(r"0002(01|02)\d{2}", text):
        return None
    fields: dict[str, str] = {}
    at = 0
    while at + 4 <= len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (tag.isascii() and tag.isdigit() and length.isascii() and length.isdigit()):
            return None
        fields.setdefault(tag, text[at + 4 : at + 4 + int(length)])
        at += 4 + int(length)
    if "53" not in fields or "59" not in fields:
        return None
    return _told(fields["59"], fields.get("54", ""), _CURRENCIES.get(fields["53"], ""))


def _scheme(text: str) -> str | None:
    scheme, _, rest = text.partition(":")
    scheme = scheme.casefold()
    path, _, query = rest.partition("?")
    asked = {key.casefold(): values[0] for key, values in parse_qs(query).items()}
    if scheme == "upi":
        return _told(asked.get("pn") or asked.get("pa", ""), asked.get("am", ""), asked.get("cu", "INR")[:3])
    if scheme in _COINS:
        payee = asked.get("label", "") or f"{unquote(path)[:8]}…"
        return _told(payee, asked.get("amount", ""), _COINS[scheme])
    return None
