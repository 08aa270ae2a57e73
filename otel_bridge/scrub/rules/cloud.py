"""Credentials of clouds, hosting and databases."""

from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.tokens import STRICT_START, expand, token

_AZURE_64 = r"(?:\+ASt|\+ABa|\+AMC|ACDb|APIM)"
_AZURE_32 = r"(?:\+ASb|\+AEh|\+ARm|AIoT)"


def _has_digits(secret: bytes) -> bool:
    return sum(48 <= char <= 57 for char in secret) >= 2  # noqa: PLR2004 (ASCII digits, two of them)


RULES = (
    token(
        "aws-access-key-id",
        "(?:AKIA|ASIA|ABIA|ACCA|A3T%C)%C{16}",
        probe="(?:AKIA|ASIA|ABIA|ACCA|A3T%C)%C{8}",
        ends=True,
    ),
    token("aws-appsync-key", "da2-%L{26}"),
    token("aws-mws-token", r"amzn\.mws\.%G"),
    token("aws-bedrock-key", "ABSK%B{90,}={0,2}"),
    token("aws-bedrock-short-key", "bedrock-api-key-%B{20,}={0,2}"),
    token("aws-session-token", "(?:IQoJ|FwoG|FQoG)%B{90,}={0,2}"),
    token("google-api-key", "AIza%U{35}"),
    token("google-oauth-token", r"ya29\.%U{20,}"),
    token("google-refresh-token", "1//0%U{30,}"),
    token("google-client-secret", "GOCSPX-%U{20,}"),
    token("google-fcm-key", "AAAA%U{7}:%U{100,}", ends=True),
    token("google-hmac-id", "GOOG1?%C{20,60}", ends=True),
    token(
        "azure-client-secret",
        r"[A-Za-z0-9_~.]{3}%DQ~[A-Za-z0-9_~.-]{31,34}",
        probe="Q~[A-Za-z0-9_.~-]{8}",
    ),
    token(
        "azure-key-64", f"%B{{76}}{_AZURE_64}%B{{5}}[AQgw]==", probe=f"{_AZURE_64}%B{{5}}[AQgw]="
    ),
    token("azure-key-32", f"%B{{33}}{_AZURE_32}%B{{5,6}}=", probe=f"{_AZURE_32}%B{{5,6}}="),
    token("azure-redis-key", "%A{33}AzCa%A{6}=?", probe="AzCa%A{6}"),
    token("azure-registry-key", r"%B{42}\+ACR%A{6}", probe=r"\+ACR%A{6}"),
    token("azure-search-key", "%A{42}AzSe%A{6}", probe="AzSe%A{6}"),
    token("azure-functions-key", "%U{44}AzFu%U{5,8}={0,2}", probe="AzFu%U{5}", short=True),
    token("azure-annotated-key", "%A{52}JQQJ9%A{27}", probe="JQQJ9%A{8}"),
    token("azure-devops-token", "%A{76}AZDO%A{4}", probe="AZDO%A{4}"),
    token("alibaba-key-id", "LTAI%A{12,26}", ends=True),
    token("tencent-key-id", "AKID%A{32}", ends=True),
    token("yandex-api-key", "AQVN%U{35,38}"),
    token("yandex-iam-token", r"t1\.%U{20,}={0,2}\.%U{80,}={0,2}", short=True),
    token("yandex-oauth-token", "y[0-3]_%U{50,}", short=True),
    token("digitalocean-token", "do[opr]_v1_%X{64}"),
    token("cloudflare-token", "cf[ua]t_%U{40,}"),
    token("cloudflare-ca-key", r"v1\.0-%X{24}-%X{140,}", short=True),
    token("backblaze-key", "K00%D%B{27}", probe="K00%D%B{12}", short=True, ends=True),
    token(
        "fly-token",
        "(?:fo1_%U{43}|fm1[ar]_%B{60,}={0,3}|fm2_%B{60,}={0,3})",
        probe="f(?:o1|m1[ar]|m2)_",
    ),
    token("heroku-key", "HRKU-%U{30,}"),
    token("vercel-token", "vc[pciark]_%A{24,}"),
    token("vercel-blob-token", "vercel_blob_rw_%A{8,}_%A{10,}"),
    token("netlify-token", "nf[pocbu]_%A{36,}", short=True),
    token("render-key", "rnd_%A{24,}", short=True),
    token("supabase-token", "sbp_(?:v0_)?%H{40}"),
    token("supabase-secret-key", "sb_secret_%U{20,}"),
    token(
        "planetscale-token",
        r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{30,}",
        probe="pscale_[a-z]{2,5}_",
    ),
    token("neon-key", "napi_%L{40,}"),
    token("mongodb-atlas-secret", "mdb_sa_sk_%U{30,}"),
    token("databricks-token", "(?:dapi|dose|dkea)%H{32}(?:-%D)?", ends=True),
    token("clickhouse-secret", "4b1d%A{38}", ends=True),
    token("scalingo-token", "tk-us-%U{40,}"),
    token("tailscale-key", "tskey-(?:[a-z]{2,12}-)?%A{6,}-?%A{10,}", probe="tskey-"),
    token("defined-networking-token", "dnkey-%U{26}-%U{52}"),
    token("openshift-token", "sha256~%U{43}"),
    token("aiven-password", "AVNS_%U{15,}"),
    token("akamai-edgegrid", "akab-%L{16}-%L{16}"),
    token("deno-token", "dd[po]_%A{36}", short=True),
    token("cockroach-key", "CCDB1_%A{22}_%A{40}"),
    token("xata-key", "xau_%A{20,}", short=True),
    token(
        "convex-deploy-key",
        r"(?:prod|dev|preview):[a-z]+-[a-z]+-%D{1,4}\|%U{40,}={0,2}",
        probe=r"\|%U{20}",
    ),
    Rule(
        id="kubernetes-bootstrap",
        pattern=expand(rf"{STRICT_START}(?P<s>%L{{6}}\.%L{{16}})(?:[^A-Za-z0-9.]|$)"),
        probes=("(?i:kubeadm|bootstrap)",),
        accepts=_has_digits,
    ),
)
