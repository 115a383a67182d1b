r"""The file is not UTF-8.

## What it does
Reports files with bytes that are not UTF-8, and files with NUL characters.

## Why is this bad
Each program then guesses the letters in its own way. bibtool keeps the bytes, and reads them as Windows-1252.

## Example
```bibtex
title = {Caf\xe9}   % the byte E9 of Latin-1
```

## Use instead
```bibtex
title = {Café}      % the bytes C3 A9 of UTF-8
```

## References
* biblatex manual, section 3.12.1.2 (`bibencoding`): UTF-8 is the default of biber
"""

from __future__ import annotations

from bibtool.check.faults import reporter
from bibtool.check.rule import Rule
from bibtool.problems import Severity

RULE = Rule(
    code="SYN008",
    name="encoding",
    severity=Severity.WARNING,
    doc=__doc__ or "",
    on_project=reporter("SYN008"),
)
