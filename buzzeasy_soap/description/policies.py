"""What a WSDL's policies ask of a client beside plain messages: WS-Security, WS-Addressing and their like."""

from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree
from lxml.etree import _Element

_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_POLICIES: Final = ("http://schemas.xmlsoap.org/ws/2004/09/policy", "http://www.w3.org/ns/ws-policy")
_ID: Final = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"
_ADDRESSING: Final = "WS-Addressing"
# Which assertions of WS-SecurityPolicy are about messages: the rest says how, or is plain https.
_MESSAGE_SECURITY: Final = ("Binding", "Tokens", "Parts", "Elements")
_NO_MESSAGE_SECURITY: Final = ("TransportBinding",)


def policies_by_id(roots: Mapping[str, _Element]) -> dict[str, _Element]:
    """The policies of some documents that others refer to, by their `wsu:Id`."""
    return {
        node.get(_ID, ""): node
        for root in roots.values()
        for node in root.iter(*(f"{{{uri}}}Policy" for uri in _POLICIES))
        if node.get(_ID)
    }


def demands(node: _Element, policies: Mapping[str, _Element]) -> frozenset[str]:
    """What the policies attached to a part of a WSDL ask for, in no case to be left out."""
    found: set[str] = set()
    for uri in node.get(f"{{{_POLICIES[0]}}}PolicyURIs", "").split():
        found |= _of_reference(uri, policies, ())
    for child in _elements(node):
        name = etree.QName(child)
        if name.namespace in _POLICIES:
            found |= _asked(child, policies, ())
        elif name.localname == "UsingAddressing" and _is_true(child.get(f"{_WSDL}required")):
            found.add(_ADDRESSING)
    return frozenset(found)


def _asked(node: _Element, policies: Mapping[str, _Element], seen: tuple[str, ...]) -> frozenset[str]:
    """What one node of a policy asks for; of several alternatives what all of them do."""
    name = etree.QName(node)
    if any(_is_true(node.get(f"{{{uri}}}Optional")) for uri in _POLICIES):
        return frozenset()
    if name.namespace not in _POLICIES:
        return frozenset(_assertion(node))
    if name.localname == "PolicyReference":
        return _of_reference(node.get("URI", ""), policies, seen)
    parts = [_asked(child, policies, seen) for child in _elements(node)]
    if name.localname == "ExactlyOne":
        return frozenset.intersection(*parts) if parts else frozenset()
    return frozenset().union(*parts)


def _of_reference(uri: str, policies: Mapping[str, _Element], seen: tuple[str, ...]) -> frozenset[str]:
    policy = policies.get(uri.removeprefix("#"))
    return frozenset() if policy is None or uri in seen else _asked(policy, policies, (*seen, uri))


def _assertion(node: _Element) -> Iterator[str]:
    name = etree.QName(node)
    uri, local = name.namespace or "", name.localname
    if "securitypolicy" in uri.lower():
        if local.endswith(_MESSAGE_SECURITY) and local not in _NO_MESSAGE_SECURITY:
            yield f"WS-Security ({local})"
        for token in node.iter(f"{{{uri}}}HttpsToken"):
            if (
                _is_true(token.get("RequireClientCertificate"))
                or token.find(f".//{{{uri}}}RequireClientCertificate") is not None
            ):
                yield "a client certificate"
    elif "policy/http" in uri:
        yield f"HTTP authentication ({local})"
    elif local in ("Addressing", "UsingAddressing"):
        yield _ADDRESSING
    elif local == "OptimizedMimeSerialization":
        yield "MTOM"
    elif local == "RMAssertion":
        yield "WS-ReliableMessaging"


def _elements(node: _Element) -> Iterator[_Element]:
    return (child for child in node if isinstance(child.tag, str))


def _is_true(text: str | None) -> bool:
    return (text or "").strip() in ("true", "1")
