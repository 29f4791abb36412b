"""An OpenID Connect service for one test: whoever it is told is who logs in. Discovery, authorise, token, keys."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.wire.server import Reply, WireServer

CLIENT_ID, CLIENT_SECRET = "collate-test", "a secret of this test"


class LoginService:
    """Used as a context manager; `who` holds the claims of whoever logs in next.

    `forged` are claims that its next tokens make in place of the right ones; `own_key`: whether it signs with the key
    that it publishes.
    """

    def __init__(self, who: Mapping[str, Any]) -> None:
        self.who = who
        self._key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.forged: Mapping[str, Any] = {}
        self.own_key = True
        self._other_key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, Any]] = {}
        self._server = WireServer()
        self._server.routes = {
            "/openid-configuration": self._discovery, "/authorize": self._authorize, "/token": self._token,
            "/jwks": lambda reply: reply.json({"keys": [self._key.as_dict(private=False)]}),
        }  # fmt: skip

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def secrets(self) -> str:
        """The `[auth]` of a `secrets.toml` that logs in here."""
        return (
            '[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
            'cookie_secret = "thirty-two characters or more, made for this test"\n'
            f'client_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
            f'server_metadata_url = "{self._server.url}/.well-known/openid-configuration"\n'
        )

    async def _discovery(self, reply: Reply) -> None:
        url = self._server.url
        await reply.json({
            "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
        })  # fmt: skip

    async def _authorize(self, reply: Reply) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(reply.received.path).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**self.who, "nonce": asked["nonce"]}
        back = urlencode({"code": code, "state": asked["state"]})
        await reply.body(b"", 302, {"location": f"{asked['redirect_uri']}?{back}"})

    async def _token(self, reply: Reply) -> None:
        code = parse_qs(reply.received.body.decode())["code"][0]
        now = int(time.time())
        if code not in self._codes:
            await reply.json({"error": "invalid_grant"}, 400)  # a code is good once
            return
        claims = {"iss": self._server.url, "aud": CLIENT_ID, "iat": now, "exp": now + 600, **self._codes.pop(code)}
        key = self._key if self.own_key else self._other_key
        token = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.forged}, key)
        await reply.json({"access_token": "unused", "token_type": "Bearer", "expires_in": 600, "id_token": token})
