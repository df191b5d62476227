// The running emulator (HABITR_CONFIG: what GET /_habitr/config says), and what several files need of it.
import { createHmac, randomBytes } from 'node:crypto';

export const config = JSON.parse(process.env.HABITR_CONFIG);
export const PASSWORD = 'correct-Horse-9';
export const newName = (prefix) => prefix + randomBytes(5).toString('hex');

export async function codeFor(username) {
  const answer = await fetch(`${config.endpoint}/_habitr/inbox?username=${username}&wait=5&last`);
  return (await answer.json()).code;
}

// An authenticator app: the code of a base32 secret, some half minutes from now.
export function totp(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1e6).padStart(6, '0');
}

export async function cognito(operation, input) {
  const answer = await fetch(config.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.message), { name: body.__type });
  return body;
}

export async function newUser(prefix) {
  const username = newName(prefix);
  await cognito('SignUp', {
    ClientId: config.app_client_id,
    Username: username,
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: `${username}@example.com` }],
  });
  const ConfirmationCode = await codeFor(username);
  await cognito('ConfirmSignUp', { ClientId: config.app_client_id, Username: username, ConfirmationCode });
  return username;
}

// The other person of a case: asks GraphQL with a bare token, without the library under test.
export async function stranger(prefix) {
  const username = await newUser(prefix);
  const { AuthenticationResult } = await cognito('InitiateAuth', {
    ClientId: config.script_client_id,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD },
  });
  const graphql = async (query, variables) => {
    const answer = await fetch(config.graphql_url, {
      method: 'POST',
      headers: { authorization: AuthenticationResult.AccessToken, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return answer.json();
  };
  return { username, graphql };
}

// Resolves with the first value that is truthy; the deadline is the test's own time-out.
export async function eventually(look) {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
