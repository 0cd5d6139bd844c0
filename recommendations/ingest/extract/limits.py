"""What one file may cost, so that a hostile one cannot fill the memory or hold a process."""

FILE_BYTES = 10 * 1024 * 1024  # bytes of an upload
PAGES = 300  # pages of a PDF
CHARACTERS = 2_000_000  # code points of all pieces together
PIECES = 20_000  # pieces of a document
SECONDS = 20  # of wall clock, and of processor time, for one file
SCAN_SECONDS = 20  # of wall clock, for a scanner that looks at it first
MEMORY_BYTES = 1024 * 1024 * 1024  # address space of the child process

ARCHIVE_MEMBERS = 2_000  # files inside a DOCX
ARCHIVE_BYTES = 100 * 1024 * 1024  # bytes of a DOCX when unpacked
ARCHIVE_RATIO = 200  # unpacked bytes for one packed byte; honest XML stays under 50
SMALL_MEMBER_BYTES = 1024 * 1024  # a file this small may be packed tighter than the ratio
XML_DEPTH = 200  # elements inside one another in a DOCX

MARKUP_DEPTH = 250  # elements inside one another on a web page
