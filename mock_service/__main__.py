"""`python -m mock_service`."""

from mock_service.cli import main

raise SystemExit(main())
