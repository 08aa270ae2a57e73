"""The words in front of a credential: ``Bearer``, ``Basic`` and what services made up."""

from otel_bridge.scrub.search import compile_bytes

SCHEME = compile_bytes(
    rb"(?i)(?:bearer|basic|token|ssws|api-?key|key|digest|negotiate|splunk|genie-?key|bot|jwt|"
    rb"oauth|hawk|mac|sso-key|aws4-hmac-sha256|apptoken|shippotoken|pve\w+|client-id|flyv1|"
    rb"zoho-\w+)(?:\s|%20|\+)+"
)
