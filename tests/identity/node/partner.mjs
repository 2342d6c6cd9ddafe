// A partner with openid-client (certified) against a running broker. Prints one JSON object: name of the check -> what was seen.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const { SLUIS_NODE, ISSUER, FOLDER, API = '/v1/ik', SCOPE: scope = 'verzoeken' } = process.env
const load = (path) => import(pathToFileURL(`${SLUIS_NODE}/node_modules/${path}`).href)
const oauth = await load('openid-client/build/index.js')
const { Agent, fetch } = await load('undici/index.js')
const { importJWK } = await load('jose/dist/webapi/index.js')

const file = (name) => readFileSync(`${FOLDER}/${name}`)
const fetchWith = (pair) => {
  const dispatcher = new Agent({ connect: { ca: file('ca.pem'), ...(pair && { cert: file(`${pair}.pem`), key: file(`${pair}.key`) }) } })
  return (url, options) => fetch(url, { ...options, dispatcher })
}
const jwk = JSON.parse(file('politie.json'))
const key = await importJWK(jwk, 'PS256')
const client = async (fetching) => {
  const options = { algorithm: 'oauth2', [oauth.customFetch]: fetching }
  return oauth.discovery(new URL(ISSUER), 'politie', {}, oauth.PrivateKeyJwt({ key, kid: jwk.kid }), options)
}
const seen = {}
const status = async (name, work) => {
  try {
    seen[name] = await work()
  } catch (error) {
    seen[name] = error.error ?? error.status ?? error.cause?.error ?? error.code ?? String(error)
  }
}

// certificate-bound
const own = await client(fetchWith('politie'))
const bound = await oauth.clientCredentialsGrant(own, { scope })
seen['certificate: token type'] = bound.token_type
const call = (pair, scheme = 'Bearer') => fetchWith(pair)(`${ISSUER}${API}`, { headers: { authorization: `${scheme} ${bound.access_token}` } })
await status('certificate: right', async () => (await call('politie')).status)
await status('certificate: other', async () => (await call('ander')).status)
await status('certificate: none', async () => (await call(null)).status)
const spoofed = `:${file('politie.pem').toString().replace(/-----[A-Z ]+-----|\n/g, '')}:`
await status('certificate: in a header of our own', async () => (await fetchWith(null)(`${ISSUER}${API}`, { headers: { authorization: `Bearer ${bound.access_token}`, 'client-cert': spoofed } })).status)
await status('certificate: other, and a header of our own', async () => (await fetchWith('ander')(`${ISSUER}${API}`, { headers: { authorization: `Bearer ${bound.access_token}`, 'client-cert': spoofed } })).status)
await status('certificate: as DPoP', async () => (await call('politie', 'DPoP')).status)
await status('certificate: none at the token endpoint', async () => oauth.clientCredentialsGrant(await client(fetchWith(null)), {}))
await status('certificate: other at the token endpoint', async () => oauth.clientCredentialsGrant(await client(fetchWith('ander')), {}))

// DPoP
const bare = await client(fetchWith(null))
const keys = await oauth.randomDPoPKeyPair('ES256')
const DPoP = oauth.getDPoPHandle(bare, keys)
const token = await oauth.clientCredentialsGrant(bare, { scope }, { DPoP })
seen['dpop: token type'] = token.token_type.toLowerCase()
const fetchIt = (handle) => oauth.fetchProtectedResource(bare, token.access_token, new URL(`${ISSUER}${API}`), 'GET', null, new Headers(), { DPoP: handle })
await status('dpop: right', async () => (await fetchIt(DPoP)).status)
await status('dpop: again', async () => (await fetchIt(DPoP)).status)
await status('dpop: other key', async () => (await fetchIt(oauth.getDPoPHandle(bare, await oauth.randomDPoPKeyPair('ES256')))).status)
await status('dpop: as Bearer', async () => (await fetchWith(null)(`${ISSUER}${API}`, { headers: { authorization: `Bearer ${token.access_token}` } })).status)

// introspection and revocation
seen['introspection'] = (await oauth.tokenIntrospection(own, bound.access_token)).active
await oauth.tokenRevocation(own, bound.access_token)
seen['introspection after revocation'] = (await oauth.tokenIntrospection(own, bound.access_token)).active
await status('certificate: revoked', async () => (await call('politie')).status)
console.log(JSON.stringify(seen))
