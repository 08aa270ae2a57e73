"""Credentials for sending messages and mail, and webhooks whose address is the secret."""

from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.tokens import expand, is_no_sample, token


def _webhook(rule: str, host: str, secret: str) -> Rule:
    return Rule(
        id=rule,
        pattern=f"(?i:{host})(?P<s>{expand(secret)})",
        probes=(f"(?i:{host})",),
        accepts=is_no_sample,
    )


RULES = (
    token(
        "slack-token",
        r"xox[aboprsce](?:\.xox[bp])?-(?:%D-)?[A-Za-z0-9-]{10,}",
        probe="xox[aboprsce][.-]",
    ),
    token("slack-cookie", "xoxd-[A-Za-z0-9%/+_-]{20,}"),
    token("slack-app-token", r"xapp-[A-Za-z0-9/+-]{20,}"),
    token(
        "discord-bot-token",
        r"(?:[MNO]%A{3}){5,6}(?:[MNO]%A{1,2})?\.%U{6}\.%U{27,}",
        probe=r"\.%U{6}\.%U{24}",
    ),
    token("telegram-bot-token", "%D{8,16}:A%U{34}", probe=":A%U{30}", ends=True),
    token("twilio-key-sid", "SK%X{32}", ends=True),
    token("sendgrid-key", r"SG\.%U{16,32}\.%U{16,64}", short=True),
    token("brevo-key", "x(?:keysib|smtpsib)-%X{64}-%A{16}"),
    token("mailgun-key", "key-%X{32}", short=True, ends=True),
    token("mailgun-public-key", "pubkey-%X{32}", ends=True),
    token("mailgun-signing-key", "%H{32}-%H{8}-%H{8}", probe="-%H{8}-%H{8}", ends=True),
    token("mailchimp-key", "%X{32}-us%D{1,2}", probe="-us%D", ends=True),
    token("mandrill-key", "md-%U{22}", short=True, ends=True),
    token("resend-key", "re_%A{6,}_%A{18,}", short=True),
    token("mailersend-token", "mlsn\\.%H{50,}"),
    token("pubnub-secret", "sec-c-%U{40,}"),
    token("telnyx-key", "KEY%X{32}_%A{20,}"),
    token("onesignal-key", "os_v2_(?:app|org)_%L{60,}"),
    token("courier-key", "(?:pk|dk|sk)_(?:prod|test)_%C{28}"),
    token("knock-key", "sk_(?:test_)?%U{43}", short=True, probe="sk_(?:test_)?%U{20}"),
    token("ably-key", r"%U{6}\.%U{6}:%U{20,}", probe=r"\.%U{6}:%U{20}"),
    _webhook(
        "slack-webhook",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/",
        "[A-Za-z0-9+/_-]{10,}",
    ),
    _webhook(
        "discord-webhook",
        r"discord(?:app)?\.com/api/(?:v%D+/)?webhooks/".replace("%D", "[0-9]"),
        "%D{6,}/%U{20,}",
    ),
    _webhook("teams-webhook", r"webhook\.office\.com/webhookb2/", "[A-Za-z0-9@/_-]{20,}"),
    _webhook(
        "teams-workflow-webhook", r"logic\.azure\.com(?::443)?/workflows/", "[^\\s\"'<>]{20,}"
    ),
    _webhook("google-chat-webhook", r"chat\.googleapis\.com/v1/spaces/", "[^\\s\"'<>]{20,}"),
    _webhook("zapier-webhook", r"hooks\.zapier\.com/hooks/catch/", "[A-Za-z0-9/]{8,}"),
    _webhook(
        "ifttt-webhook",
        r"maker\.ifttt\.com/(?:trigger|use)/(?:[A-Za-z0-9_-]{1,64}/(?:with|json|key|/){1,4})?",
        "%U{16,}",
    ),
    _webhook("make-webhook", r"hook\.(?:[a-z0-9]+\.)?(?:make|integromat)\.com/", "%L{24,}"),
    _webhook("mattermost-webhook", r"/hooks/", "%L{26}"),
    _webhook("webex-webhook", r"webexapis\.com/v1/webhooks/incoming/", "%U{40,}"),
    _webhook(
        "feishu-webhook",
        r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/",
        "[A-Za-z0-9-]{16,}",
    ),
    _webhook(
        "wecom-webhook", r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=", "[A-Za-z0-9-]{16,}"
    ),
    _webhook("zoom-webhook", r"inbots\.zoom\.us/incoming/hook/", "%U{16,}"),
    _webhook("rocketchat-webhook", "/hooks/[A-Za-z0-9]{17}/", "%A{40,}"),
    _webhook(
        "sumologic-collector", r"sumologic\.(?:com|net)/receiver/v1/http/", "[A-Za-z0-9+/=_-]{40,}"
    ),
    _webhook("loggly-input", r"loggly\.com/(?:inputs|bulk)/", "[A-Za-z0-9-]{30,}"),
    _webhook("workflow-webhook", r"/webhook(?:-test)?/", "%G"),
    _webhook("tines-webhook", r"\.tines\.(?:com|io)/webhook/", "%L{16,}/%L{16,}"),
    _webhook("thingsboard-token", r"thingsboard\.cloud/api/v1/", "%L{20}"),
    _webhook(
        "alchemy-url-key",
        r"alchemy(?:api\.io|\.com)/(?:v2|nft/v%D)/".replace("%D", "[0-9]"),
        "%U{20,}",
    ),
    _webhook("infura-url-key", r"infura\.io/(?:ws/)?v3/", "%H{32}"),
    _webhook("quicknode-url-key", r"\.quiknode\.pro/", "%H{40}"),
    _webhook("telegram-url-token", r"api\.telegram\.org/bot", "%D{6,16}:%U{30,}"),
)
