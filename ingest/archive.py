"""Opens ZIP archives, which Office documents are, within limits; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import DamagedFileError, EncryptedFileError, OversizedFileError

if TYPE_CHECKING:
    from lxml import etree

MAX_PARTS = 10_000
"""No Office document has more parts."""
MAX_UNPACKED = 256 * 1024 * 1024
"""The most bytes that the parts may have together, as large as a file may be that is not packed."""
_ENCRYPTED = 0x1
_XML = (".xml", ".rels", ".vml", ".xhtml")
_DECLARATIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose directory was checked. Parts are read into memory, one at a time, by their names."""

    _zip: zipfile.ZipFile

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, folders left out, in the order of the directory."""
        return tuple(info.filename for info in self._zip.infolist() if not info.is_dir())

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Raises DamagedFileError where it is absent or cannot be unpacked."""
        try:
            return self._zip.read(name)
        except KeyError as error:
            raise DamagedFileError(f"the document lacks its part {name}: get the file again") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise DamagedFileError(f"the part {name} cannot be unpacked ({error}): get the file again") from error

    def xml(self, name: str) -> etree._Element:
        """Return the root of a part that is XML. Raises DamagedFileError where it is not well-formed.

        Office documents declare no document types, so one that does is refused: declarations serve only to
        expand entities without end or to reach for other files.
        """
        from lxml import etree

        data = self.read(name)
        _check_declarations(name, data)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise DamagedFileError(f"the part {name} is not well-formed ({error}): get the file again") from error


def open_archive(data: bytes) -> Archive:
    """Return the archive, once its directory was found to be within limits.

    Raises DamagedFileError where it cannot be opened or names parts outside of itself, EncryptedFileError
    where a part needs a password, and OversizedFileError beyond ``MAX_PARTS`` or ``MAX_UNPACKED``. Sizes are
    those that the directory declares; no more than that is ever unpacked.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise DamagedFileError(f"the archive cannot be opened ({error}): get the file again") from error
    if len(parts) > MAX_PARTS:
        raise OversizedFileError(f"the archive has {len(parts):,} parts; at most {MAX_PARTS:,} are read")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise OversizedFileError(
            f"the archive unpacks to {unpacked / 1e6:,.0f} MB; at most {MAX_UNPACKED / 1e6:,.0f} MB are read"
        )
    for part in parts:
        if _is_outside(part.filename):
            raise DamagedFileError(f"the archive names a part outside of itself ({part.filename!r}): do not trust it")
        if part.flag_bits & _ENCRYPTED:
            raise EncryptedFileError("the archive is encrypted: save a copy without a password and add that")
    return Archive(archive)


def check_office(data: bytes) -> Archive:
    """Check an Office document before a library opens it: its directory, and that no part declares entities.

    Raises what ``open_archive`` raises, and DamagedFileError for a declaration.
    """
    archive = open_archive(data)
    for name in archive.names:
        if name.lower().endswith(_XML):
            _check_declarations(name, archive.read(name))
    return archive


def _is_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name[:1] in "/\\" or ":" in parts[0]


def _check_declarations(name: str, data: bytes) -> None:
    if any(declaration in data for declaration in _DECLARATIONS):
        raise DamagedFileError(f"the part {name} declares entities of its own, which no Office document does")
