"""Two hash functions of hashlib, without OpenSSL: to load that takes a hook longer than all that it hashes.

Of large data hashlib's own sha256 is faster.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` would take a part of the start
if TYPE_CHECKING:
    from hashlib import blake2b, sha256
else:
    try:
        from _blake2 import blake2b
    except ImportError:  # a Python built without it
        from hashlib import blake2b
    try:
        from _sha2 import sha256  # since Python 3.12
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256

__all__ = ["blake2b", "sha256"]
