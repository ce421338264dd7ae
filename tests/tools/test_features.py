"""Every feature is generated or refused for its true reason; nothing else comes out."""

from collections import Counter
from pathlib import Path

from buzzeasy_soap.errors import ConfigurationError
from generate import generate
from tests.contracts.features import FEATURES, GENERATED, HERE, feature
from tests.contracts.generated import import_source


def refusal(name: str, folder: Path) -> str:
    """What the tool says of a feature; nothing where its package is generated and can be imported."""
    try:
        fetched = feature(name)
        fetched.describe()
        package = generate([fetched.documents])
    except ConfigurationError as error:
        return str(error)
    import_source(package["orders.py"], folder)
    return GENERATED


def test_the_histogram(tmp_path: Path) -> None:
    told = {name: refusal(name, tmp_path) for name in FEATURES}
    counts = Counter("refused" if text else "generated" for text in told.values())
    print(dict(counts))
    assert {
        name: text
        for name, text in told.items()
        if bool(text) != bool(FEATURES[name]) or FEATURES[name] not in text
    } == {}
    assert [text for text in told.values() if "\n" in text] == []


def test_each_file_is_a_feature() -> None:
    imported = {"svcutil_split/Orders1"}
    files = {path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.rglob("*.wsdl")}
    assert files - imported == set(FEATURES)
