"""`python -m mock_service`."""

import os
import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before the service serves ends it without a traceback
if os.getpid() == 1:  # a container's first process is deaf to signals that it has no handler for
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: os._exit(128 + number))

from mock_service.cli import main  # noqa: E402 - the import takes the time in which Ctrl-C may come

raise SystemExit(main())
