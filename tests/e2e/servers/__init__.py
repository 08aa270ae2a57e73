"""Real servers for end-to-end tests, each on loopback, in its own directory, ended by its own pid.

`python -m tests.e2e.servers` prepares what the tests would otherwise prepare at their start.
"""
