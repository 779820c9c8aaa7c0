"""What is shown of a code: enough to know it, nothing secret, nothing that deceives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.codes.content import LONGEST_PREVIEW, Content, Kind, Warn, content_of

EPC = "BCD\n002\n1\nSCT\nBPOTBEB1\nRed Cross\nBE72000000001616\nEUR12.30\nCHAR\n\nUrgency fund\n"
SWISS = "\n".join(
    [
        "SPC",
        "0200",
        "1",
        "CH4431999123000889012",
        "S",
        "Robert Schneider AG",
        "Rue du Lac",
        "1268",
        "2501",
        "Biel",
        "CH",
    ]
    + [""] * 7
    + ["1949.75", "CHF"]
)
EMVCO = "000201" + "5303986" + "540510.50" + "5906Padari" + "6304ABCD"
VCARD = "\r\n".join(
    ["BEGIN:VCARD", "VERSION:3.0", "N:Kim;Minji", "item1.FN;CHARSET=UTF-8:Kim Minji", "ORG:Glossa\\, Inc.", "END:VCARD"]
)


@pytest.mark.parametrize(
    ("text", "kind", "preview"),
    [
        ("https://example.com/menu?id=3#x", Kind.LINK, "example.com"),
        ("https://Example.COM.:443/", Kind.LINK, "example.com"),
        ("https://example.com:8443/", Kind.LINK, "example.com:8443"),
        ("WIFI:S:Cafe\\;Net;T:WPA;P:hunter2\\;;H:false;;", Kind.WIFI, "Cafe;Net (WPA)"),
        ("wifi:T:WPA2;P:S\\:NOT;S:Home;;", Kind.WIFI, "Home (WPA2)"),
        (VCARD, Kind.CONTACT, "Kim Minji, Glossa, Inc."),
        ("MECARD:N:Doe,Jane;TEL:123;;", Kind.CONTACT, "Jane Doe"),
        ("tel:+49-30-1234567", Kind.PHONE, "+49-30-1234567"),
        ("SMSTO:+33123456:hello", Kind.MESSAGE, "+33123456"),
        ("mailto:info@example.com?subject=x", Kind.MESSAGE, "info@example.com"),
        ("MATMSG:TO:a@b.example;SUB:x;BODY:y;;", Kind.MESSAGE, "a@b.example"),
        ("geo:37.5665,126.9780?q=City%20Hall", Kind.PLACE, "City Hall 37.5665, 126.9780"),
        ("BEGIN:VEVENT\nSUMMARY:Concert\nDTSTART:20261122T193000Z\nEND:VEVENT", Kind.EVENT, "2026-11-22 19:30 Concert"),
        (EPC, Kind.PAYMENT, "Red Cross, 12.30 EUR"),
        (SWISS, Kind.PAYMENT, "Robert Schneider AG, 1949.75 CHF"),
        (EMVCO, Kind.PAYMENT, "Padari, 10.50 BRL"),
        ("upi://pay?pa=shop@bank&pn=Tea%20Shop&am=20.00&cu=INR", Kind.PAYMENT, "Tea Shop, 20.00 INR"),
        ("bitcoin:bc1qexampleaddress?amount=0.005", Kind.PAYMENT, "bc1qexam…, 0.005 BTC"),
        ("otpauth://totp/Shop:jane@x?secret=JBSWY3DPEHPK3PXP&issuer=Shop", Kind.SECRET, "Shop"),
        ("Table 12", Kind.TEXT, "Table 12"),
        ("테이블 12", Kind.TEXT, "테이블 12"),
        ("Note: bring milk", Kind.TEXT, "Note: bring milk"),
        ("", Kind.DATA, ""),
        ("\ufffd\ufffd\ufffd\x00", Kind.DATA, ""),
    ],
)
def test_kinds_and_previews(text: str, kind: Kind, preview: str) -> None:
    assert content_of(text) == Content(kind, preview)


def test_products_are_numbers_and_nothing_else() -> None:
    assert content_of("4006381333931", product=True) == Content(Kind.PRODUCT, "4006381333931")


@pytest.mark.parametrize(
    ("text", "host", "warnings"),
    [
        ("http://example.com/", "example.com", {Warn.NOT_ENCRYPTED}),
        ("www.example.com/menu", "www.example.com", {Warn.NOT_ENCRYPTED}),
        ("https://paypal.com@evil.example/", "evil.example", {Warn.HIDDEN_HOST}),
        # Browsers take a backslash for a slash: this leads to evil.example, not to good.example.
        ("https://evil.example\\@good.example/", "evil.example", set()),
        ("https:\\\\evil.example\\x", "evil.example", set()),
        ("ht\ntps://evil.ex\tample/", "evil.example", set()),
        ("https://%65vil.example/", "evil.example", set()),
        ("https://evil。example/", "evil.example", set()),
        ("https://ｅｖｉｌ.example/", "evil.example", set()),
        ("https://3232235777/", "3232235777", {Warn.NUMBER_HOST}),
        ("https://0xC0.0xA8.1.0x1/", "0xc0.0xa8.1.0x1", {Warn.NUMBER_HOST}),
        ("https://192.168.0.1:8080/", "192.168.0.1:8080", {Warn.NUMBER_HOST}),
        ("https://[::1]/", "[::1]", {Warn.NUMBER_HOST}),
        ("https://bit.ly/3abc", "bit.ly", {Warn.SHORTENED}),
        ("https://xn--bcher-kva.example/", "bücher.example", {Warn.FOREIGN_LETTERS}),
        ("https://xn--3e0b707e.example/", "한국.example", {Warn.FOREIGN_LETTERS}),
        ("https://pаypal.com/", "xn--pypal-4ve.com", {Warn.LOOKALIKE}),
        ("https://paypa1.com/", "paypa1.com", {Warn.LOOKALIKE}),
        ("https://secure-rnicrosoft.example/", "secure-rnicrosoft.example", {Warn.LOOKALIKE}),
        ("https://góogle.example/", "xn--gogle-0ta.example", {Warn.LOOKALIKE}),
        ("javascript:alert(1)", "javascript:", {Warn.UNUSUAL}),
        ("intent://scan/#Intent;scheme=zxing;end", "intent:", {Warn.UNUSUAL}),
        ("myapp://pair?key=1", "myapp:", {Warn.UNUSUAL}),
    ],
)
def test_links_show_where_they_lead(text: str, host: str, warnings: set[Warn]) -> None:
    content = content_of(text)
    assert content.kind is Kind.LINK
    assert content.preview == host
    assert set(content.warnings) == warnings


@pytest.mark.parametrize("text", ["https://xn--80ak6aa92e.com/", "https://аррӏе.com/"])
def test_all_cyrillic_twins_are_not_shown_as_what_they_look_like(text: str) -> None:
    assert content_of(text) == Content(Kind.LINK, "xn--80ak6aa92e.com", (Warn.LOOKALIKE,))


@pytest.mark.parametrize(
    "host", ["восток.example", "почта.рф", "日本語テスト.example", "naver.com", "apple.com", "google.com"]
)
def test_honest_hosts_are_not_suspected(host: str) -> None:
    assert Warn.LOOKALIKE not in content_of(f"https://{host}/").warnings


def test_a_long_host_keeps_the_end_that_says_whose_it_is() -> None:
    content = content_of("https://www.paypal.com." + "a" * 60 + ".evil.example/")
    assert content.preview.startswith("…")
    assert content.preview.endswith(".evil.example")
    assert len(content.preview) == LONGEST_PREVIEW


def test_networks_without_protection_are_told() -> None:
    assert content_of("WIFI:S:Free;T:nopass;;").warnings == (Warn.OPEN_NETWORK,)
    assert content_of("WIFI:S:Old;T:WEP;P:abcde;;").warnings == (Warn.OPEN_NETWORK,)


def test_numbers_that_command_a_telephone_are_told() -> None:
    assert content_of("tel:*%2306%23").warnings == (Warn.UNUSUAL,)


def test_nothing_hides_or_turns_text() -> None:
    content = content_of("invoice\u202efdp.exe\u200b\u0301\u0301\u0301\u0301\u0301 a\x1b[31mb")
    assert "\u202e" not in content.preview
    assert "\x1b" not in content.preview
    assert content.preview.count("\u0301") <= 2


@given(st.text(max_size=300), st.booleans())
def test_never_raises_and_never_long(text: str, product: bool) -> None:
    content = content_of(text, product=product)
    assert len(content.preview) <= LONGEST_PREVIEW
    assert "\n" not in content.preview


@given(st.text(min_size=8, max_size=20, alphabet=st.characters(categories=["Ll", "Nd"], max_codepoint=127)))
def test_passwords_are_never_shown(secret: str) -> None:
    secret = "Pw" + secret
    for text in (f"WIFI:S:Net;T:WPA;P:{secret};;", f"otpauth://totp/x?secret={secret}&issuer=Net"):
        assert secret not in str(content_of(text))


@given(st.sampled_from(["http://", "https://", "HTTPS:\\\\"]), st.text(max_size=60))
def test_any_link_is_read_without_error(scheme: str, rest: str) -> None:
    assert content_of(scheme + rest).kind in (Kind.LINK, Kind.TEXT, Kind.DATA)
