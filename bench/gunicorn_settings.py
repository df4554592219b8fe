"""As `make run` serves, but for the passes: nothing else may run in what is measured."""

worker_class = "gthread"
workers = 1
threads = 8
# People who are measured last have waited for the others.
keepalive = 600
control_socket_disable = True
loglevel = "warning"
