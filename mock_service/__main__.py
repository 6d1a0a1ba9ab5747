"""`python -m mock_service`."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before the service serves ends it without a traceback

from mock_service.cli import main  # noqa: E402 - the import takes the time in which Ctrl-C may come

raise SystemExit(main())
