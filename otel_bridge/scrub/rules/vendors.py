"""Tokens that carry the mark of who gave them out."""

from otel_bridge.scrub.rule import Rule

_START = r"(?:^|[^A-Za-z0-9_-]|%[0-9A-Fa-f]{2}|\\[nrt])"
"""Where a token may begin: ``task_...`` must not look like ``sk_...``."""


def _token(rule: str, probe: str, body: str) -> Rule:
    return Rule(id=rule, probes=(probe,), pattern=f"{_START}(?P<s>{body})", priority=2)


RULES = (
    _token("aws-access-key-id", "A[KS]IA[A-Z2-7]{4}", r"A[KS]IA[A-Z2-7]{16}\b"),
    _token("github-token", "gh[pousr]_", r"gh[pousr]_[A-Za-z0-9]{36,}"),
    _token("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{60,}"),
    _token(
        "gitlab-token", "gl[a-z]{1,6}-", r"gl(?:pat|rt|dt|ft|oat|ptt|imt|agent|oas)-[\w.-]{20,}"
    ),
    _token("slack-token", "xox[a-e]", r"xox[a-e](?:\.xox[bp])?-[A-Za-z0-9-]{10,}"),
    _token("stripe-key", "[rs]k_(?:live|test)_", r"[rs]k_(?:live|test)_[A-Za-z0-9]{10,}"),
    _token("openai-key", "sk-[a-z]|T3BlbkFJ", r"sk-(?:[a-z]+-)?[\w-]*T3BlbkFJ[\w-]+"),
    _token("anthropic-key", "sk-ant-", r"sk-ant-[a-z0-9]+-[\w-]{20,}"),
    _token("google-api-key", "AIza", r"AIza[\w-]{35}"),
)
