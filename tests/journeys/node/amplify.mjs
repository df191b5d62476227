// aws-amplify v6, configured as README shows. Node lacks what browsers have: WebSocket (before 22),
// navigator (before 21), and *.localhost.
import dns from 'node:dns';
import WebSocket from 'ws';
import { Amplify } from 'aws-amplify';
import { config } from './emulator.mjs';

globalThis.WebSocket ??= WebSocket;
globalThis.navigator ??= { userAgent: 'Node.js' };
const lookup = dns.lookup;
dns.lookup = (host, ...more) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...more);
// Storage's endpoint goes with each call; the option is honoured, though the public types do not name it.
export const here = { customEndpoint: new URL(config.endpoint).host };

const warn = console.warn;
console.warn = () => {}; // it warns of customEndpoint-like settings on a server
Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: config.user_pool_id,
      userPoolClientId: config.app_client_id,
      userPoolEndpoint: config.endpoint,
      identityPoolId: config.identity_pool_id,
      identityPoolEndpoint: config.endpoint,
      allowGuestAccess: true,
    },
  },
  API: {
    GraphQL: {
      endpoint: config.graphql_url,
      region: config.region,
      apiKey: config.graphql_api_key,
      defaultAuthMode: 'userPool',
    },
    REST: { [config.rest_api_name]: { endpoint: config.rest_url, region: config.region } },
  },
  Storage: { S3: { bucket: config.bucket, region: config.region } },
});
console.warn = warn;
