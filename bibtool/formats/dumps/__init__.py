"""Public bibliographic dumps as they are distributed, read as a stream: see `bibtool.formats.dumps.opening`."""
