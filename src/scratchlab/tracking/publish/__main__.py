"""Publish what is not published yet: `python -m scratchlab.tracking.publish outputs`."""

import sys

from scratchlab.tracking.publish.command import main

sys.exit(main())
