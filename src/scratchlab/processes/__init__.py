"""What any process needs, whatever it is for.

- `signals`: signals that end a process, as exceptions
- `lock`: a lock between processes, released when its holder dies
- `files`: files that appear whole: written beside their place, then renamed into it
- `process`: the identity of a process, which outlives its id
"""
