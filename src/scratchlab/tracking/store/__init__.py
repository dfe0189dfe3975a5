"""The tracking store: the embedded SQLite database or a server.

- `uri`: tracking URIs, and the credentials that must not be written down
- `database`: the file of the embedded store: made by one process at a time, copied while in use
- `client`: MLflow's client for a store; creates the embedded one
- `reachability`: whether a store answers, found out in seconds and without MLflow
- `names`: how MLflow wants names and values spelled
- `links`: links into MLflow's pages
- `errors`: what went wrong, in words for a person
"""
