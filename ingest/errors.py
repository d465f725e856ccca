"""Every error that Tieout raises on purpose, as one tree.

::

    TieoutError                     anything below; the command line prints it as one line
    ├── UsageError                  the request itself is wrong (a path, an option, a schema)   exit 2
    │   ├── ConfigurationError      a configuration file or an environment variable is wrong    exit 2
    │   ├── DataAbsentError         a benchmark's data are not where they were looked for       exit 2
    │   └── DatasetError            a file of training examples holds something else            exit 2
    ├── UnreadableFileError         a file cannot become a Filing                               exit 3
    │   ├── UnsupportedFileError    its kind is not one that we read
    │   ├── EncryptedFileError      it needs a password
    │   ├── DamagedFileError        it is cut off, empty or malformed
    │   ├── OversizedFileError      it exceeds a limit on size, pages, nesting or memory
    │   ├── OvertimeFileError       it exceeds the limit on time
    │   └── ReaderFaultError        reading it failed in a way that no reader foresaw
    ├── LibraryError                a library on disk cannot serve the request                  exit 4
    │   ├── LibraryNotFoundError    there is none at that place
    │   ├── LibraryLockedError      another process is writing to it
    │   ├── LibraryMismatchError    it was written by another version or embedder
    │   └── FilingNotFoundError     no filing goes by that name
    ├── ModelError                  a model cannot be used                                      exit 5
    │   ├── ModelMissingError       its weights are not in the cache
    │   └── ModelCorruptError       its weights are not the ones that were pinned
    └── ProgramError                a program is malformed or cannot be executed                exit 6

Each message says what happened, to which thing, and what to do about it.
"""


class TieoutError(Exception):
    """Root of the tree; ``exit_code`` is what the command line exits with."""

    exit_code = 1


class UsageError(TieoutError):
    """The request itself is wrong: a path, an option or a schema."""

    exit_code = 2


class ConfigurationError(UsageError):
    """A configuration file or an environment variable holds something that is not allowed."""


class DataAbsentError(UsageError):
    """A benchmark's data are not where they were looked for."""


class DatasetError(UsageError):
    """A file of training examples cannot be read, or holds something else."""


class UnreadableFileError(TieoutError):
    """A file cannot become a Filing."""

    exit_code = 3


class UnsupportedFileError(UnreadableFileError):
    """The file's content is of a kind that is not read."""


class EncryptedFileError(UnreadableFileError):
    """The file needs a password."""


class DamagedFileError(UnreadableFileError):
    """The file is empty, cut off or malformed."""


class OversizedFileError(UnreadableFileError):
    """The file exceeds a limit on size, pages, nesting or memory."""


class OvertimeFileError(UnreadableFileError):
    """Reading the file takes longer than a file may take."""


class ReaderFaultError(UnreadableFileError):
    """Reading the file ended or failed in a way that no reader foresaw: a fault of ours or of a library."""


class LibraryError(TieoutError):
    """A library on disk cannot serve the request."""

    exit_code = 4


class LibraryNotFoundError(LibraryError):
    """There is no library at the given place; ``tieout add`` makes one."""


class LibraryLockedError(LibraryError):
    """Another process is writing to the library."""


class LibraryMismatchError(LibraryError):
    """The library was written by another version of Tieout or with another embedder."""


class FilingNotFoundError(LibraryError):
    """No filing in the library goes by the given name."""


class ModelError(TieoutError):
    """A model cannot be used."""

    exit_code = 5


class ModelMissingError(ModelError):
    """A model's weights are not in the cache; ``tieout models pull`` fetches them."""


class ModelCorruptError(ModelError):
    """A model's weights are not the ones that were pinned."""


class ProgramError(TieoutError):
    """A program is malformed, points at nothing, or mixes units."""

    exit_code = 6
