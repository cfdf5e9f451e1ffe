"""Rules of the house that a compiler does not know."""

import re

import pytest

from course import ROOT

SWIFT = sorted(p for folder in ("Sources", "Tests") for p in (ROOT / folder).rglob("*.swift"))


def test_one_module_knows_which_system_it_is():
    """macOS and Musl stay possible: nobody else imports a C library by its name, or asks for a system."""
    asks = re.compile(
        r"\b(?:import|canImport\()\s*(?:Glibc|Darwin|Musl|Bionic|WinSDK|ucrt)\b"
        r"|\b(?:Glibc|Darwin|Musl)\.\w|#(?:else)?if\b.*\b(?:os|arch|targetEnvironment)\(")
    # What only Linux can show is tested there.
    tests = {"BadPeerTests.swift", "Person.swift"}
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SWIFT if "CLibrary" not in path.parts and path.name not in tests
        for number, line in enumerate(path.read_text().splitlines(), 1) if asks.search(line)]
    assert found == []


def test_foundation_in_parts_is_for_web_and_start_alone():
    """Conditional imports of Foundation's own parts, which are modules on Linux alone."""
    found = {
        str(path.relative_to(ROOT / "Sources")).split("/")[0]: path for path in SWIFT
        if "Sources" in path.parts and "canImport(FoundationNetworking)" in path.read_text()}
    assert set(found) == {"HTTP"}


@pytest.mark.parametrize("module", sorted(p.name for p in (ROOT / "Sources").iterdir() if p.is_dir()))
def test_imports_are_the_arrows_of_the_package(module):
    """What a module imports it is declared to know, and the other way round."""
    manifest = (ROOT / "Package.swift").read_text()
    modules = {p.name for p in (ROOT / "Sources").iterdir() if p.is_dir()}
    if module == "CZlib":
        return
    if module == "push2pacs":
        part = manifest.split('name: "push2pacs",\n      dependencies: [', 1)[1].split("]", 1)[0]
    else:
        match = re.search(r'module\(\s*"%s"(?:,\s*knows: \[(.*?)\])?\s*\)' % module, manifest, re.S)
        assert match, f"{module} is not declared"
        part = match.group(1) or ""
    known = set(re.findall(r'"(\w+)"', part))
    imported = {
        name for path in (ROOT / "Sources" / module).rglob("*.swift")
        for name in re.findall(r"^(?:@\w+ )?(?:package |public )?import (?:\w+ )?(\w+)", path.read_text(), re.M)}
    assert imported & modules == known
