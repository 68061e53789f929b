"""The web server: threads, because pages wait for the database; recycled, so that memory stays flat."""

import os
from typing import Any

bind = f"{os.environ.get('WEB_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = 4
worker_class = "gthread"
timeout = 30  # longer than any statement may take (15 s)
graceful_timeout = 25
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# The same proxies that the site believes about addresses may say that the visitor came by HTTPS.
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "")
control_socket_disable = True
limit_request_line = 8190


def post_fork(_server: Any, worker: Any) -> None:
    """A worker whose master was killed would hold on to the port until it had noticed and answered everybody."""
    # Here, since the master reads this file before it knows the path of our code, and has no use for it.
    from rollout.embedded.processes import end_with_parent

    end_with_parent(worker.ppid)
