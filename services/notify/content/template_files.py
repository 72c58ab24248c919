"""The folder of templates as files: the languages in it, its version, and the hash of our pages' style."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from services.notify.content.languages import Language, LanguageFault, load_language, words_of_pages, written_in
from services.notify.content.rendering_faults import RenderingFailed


def version_of(templates: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(one for one in templates.rglob("*") if one.suffix in (".j2", ".yaml")):
        whole.update(f"{file.relative_to(templates)}\0".encode() + file.read_bytes() + b"\0")
    return whole.hexdigest()[:8]


def load_languages(templates: Path) -> Iterator[tuple[str, Language]]:
    for code in written_in(templates):
        try:
            yield code, load_language(templates / "languages" / f"{code}.yaml", words_of_pages(templates, code))
        except LanguageFault as fault:
            raise RenderingFailed(str(fault)) from None


def style_hash(sheet: Path) -> str:
    text = sheet.read_bytes() if sheet.exists() else b""
    return f"sha256-{b64encode(hashlib.sha256(text).digest()).decode()}"
