// oidc-provider (certified) with one client: private_key_jwt, PS256, PKCE, PAR, back-channel logout.
// Its login page lets everybody in, as the account and at the level that the request's headers name.
import { pathToFileURL } from 'node:url'

const { SLUIS_NODE, PORT, CLIENT_JWKS, REDIRECT, LOGOUT } = process.env
const load = (path) => import(pathToFileURL(`${SLUIS_NODE}/node_modules/${path}`).href)
const { default: Provider } = await load('oidc-provider/lib/index.js')
const { exportJWK, generateKeyPair } = await load('jose/dist/webapi/index.js')

const { privateKey } = await generateKeyPair('PS256', { extractable: true })
const levels = ['low', 'substantial', 'high'].map((name) => `http://eidas.europa.eu/LoA/${name}`)
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{
    client_id: 'sluis',
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    id_token_signed_response_alg: 'PS256',
    require_auth_time: true,
    backchannel_logout_uri: LOGOUT,
    jwks: JSON.parse(CLIENT_JWKS),
  }],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'PS256', use: 'sig', kid: 'p1' }] },
  pkce: { required: () => true },
  acrValues: levels,
  claims: { openid: ['sub', 'groepen', 'name'], acr: null, auth_time: null },
  conformIdTokenClaims: false,
  ttl: { IdToken: 300 },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: 'Noor de Vries', groepen: id === 'noor' ? ['sluis-po'] : [] }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true }, backchannelLogout: { enabled: true } },
  enabledJWA: { idTokenSigningAlgValues: ['PS256'], clientAuthSigningAlgValues: ['PS256'] },
  cookies: { keys: ['test'] },
  // It refuses to call loopback addresses, and the portal of this test is on one.
  fetch: (url, { method, headers, body, redirect }) => fetch(url, { method, headers, body, redirect }),
})
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next()
  const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res)
  let result = { login: { accountId: ctx.get('x-account') || 'noor', acr: ctx.get('x-level') || levels[1] } }
  if (prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
    grant.addOIDCScope('openid')
    result = { consent: { grantId: await grant.save() } }
  }
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: prompt.name === 'consent' })
})
provider.on('backchannel.error', (ctx, error) => console.log(String(error), error.cause))
provider.on('server_error', (ctx, error) => console.log(String(error), error.cause))
provider.listen(Number(PORT), '127.0.0.1', () => console.log('ready'))
