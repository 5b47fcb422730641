from __future__ import annotations

import sys

from anxin.cli.main import main

sys.exit(main())
