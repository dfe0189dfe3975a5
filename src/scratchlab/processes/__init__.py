"""What any process needs, whatever it is for.

- `signals`: signals that end a process, as exceptions
- `lock`: a lock between processes, released when its holder dies
- `process`: the identity of a process, which outlives its id
"""
