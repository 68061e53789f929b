"""The web server: threads, because pages wait for the database; recycled, so that memory stays flat."""

import os

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
