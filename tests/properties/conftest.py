from hypothesis import HealthCheck, settings

# How long an example takes says something about the machine, which may be busy, not about us.
settings.register_profile(
    "any machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
