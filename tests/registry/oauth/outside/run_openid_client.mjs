// openid-client as its guide has it: discovery, code with proof key, nonce and max_age, userinfo, refresh,
// introspection, revocation. It refuses answers without the issuer it discovered (RFC 9207).
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const given = JSON.parse(process.argv[2]);
const found = createRequire(`${process.env.OUTSIDE}/`).resolve("openid-client");
const client = await import(pathToFileURL(found));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const config = await client.discovery(new URL(given.issuer), given.id, given.secret, undefined, {
  execute: [client.allowInsecureRequests],
});
const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: given.back,
  scope: "openid",
  state,
  nonce,
  max_age: "600",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
});
console.log(JSON.stringify({ browse: url.href }));
const landed = new URL((await lines.next()).value);
const token = await client.authorizationCodeGrant(config, landed, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
  maxAge: 600,
});
const claims = token.claims();
const userinfo = await client.fetchUserInfo(config, token.access_token, claims.sub);
const again = await client.refreshTokenGrant(config, token.refresh_token);
const known = await client.tokenIntrospection(config, again.access_token);
if (!known.active || known.sub !== claims.sub) throw new Error("introspection");
await client.tokenRevocation(config, again.access_token);
if ((await client.tokenIntrospection(config, again.access_token)).active) throw new Error("revocation");
console.log(JSON.stringify({ found: { sub: claims.sub, name: userinfo.name, amr: claims.amr ?? null } }));
process.exit(0);
