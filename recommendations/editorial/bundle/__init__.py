"""A declaration's folder <-> the database: `declaration.txt`, verbatim, and `declaration.toml`,
everything else.

Loading is one transaction. What is missing is made; what is there and equal stays; what is there
and differs (an editor changed it, or the folder did) is kept and named, unless overwriting is asked
for. `record()` describes an object in the folder's words, so loading and exporting cannot disagree
about what "equal" means.
"""

from ..record import record
from .export import export
from .load import Report, load
from .read import BundleError, read

__all__ = ["BundleError", "Report", "export", "load", "read", "record"]
