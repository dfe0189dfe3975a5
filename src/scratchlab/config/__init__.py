"""From a command line to a configuration, and from there to the parts of a run.

- `launch`: the entry point of every command; turns errors into sentences and exit codes
- `project`: where the project is: its configuration, data, and store
- `invocation`: what Hydra knows of this run: its folder, what was typed
- `overrides`: values as they were typed and as they are compared
- `explain`: what is wrong with a command line
- `renamed`: keys and parts that had another name
- `resume`: `resume=FOLDER`
- `unstarted`: removes what a run that did not start left behind
- `build`: calls the parts that a configuration names
- `regularization`: the group `regularization`
- `recorded`: the configuration as it is recorded, without secrets
- `fingerprint`: what a result follows from: the identity of a run
- `run_name`: the name of a run
"""
