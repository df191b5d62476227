// aws-amplify's GraphQL client in every authentication mode of AppSync, over HTTP and wss.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import './amplify.mjs';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { PASSWORD, config, newUser } from './emulator.mjs';

const client = generateClient();
const ON_SAY = 'subscription ($room: String) { onSay(room: $room) { text } }';
const SAY = 'mutation ($text: String!, $room: String) { say(text: $text, room: $room) { text room } }';

// The API that requests go to: the chat of four modes, or the one with OIDC.
function speakTo(endpoint) {
  const known = Amplify.getConfig();
  const settings = { endpoint, region: config.region, apiKey: config.chat_key, defaultAuthMode: 'apiKey' };
  Amplify.configure({ ...known, API: { ...known.API, GraphQL: settings } });
}

async function heard(mode, room) {
  let stop;
  const line = new Promise((resolve, reject) => {
    const events = client.graphql({ query: ON_SAY, variables: { room }, ...mode });
    stop = events.subscribe({ next: ({ data }) => resolve(data.onSay.text), error: reject });
  });
  const speak = setInterval(() => {
    client.graphql({ query: SAY, variables: { text: room, room }, ...mode }).catch(() => {});
  }, 200);
  try {
    return await line;
  } finally {
    clearInterval(speak);
    stop.unsubscribe();
  }
}

before(async () => {
  speakTo(config.chat_url);
  await signIn({ username: await newUser('mode'), password: PASSWORD });
});
after(() => signOut());

const MODES = [
  [{ authMode: 'apiKey' }, 'API Key Authorization'],
  [{ authMode: 'userPool' }, 'User Pool Authorization'],
  [{ authMode: 'iam' }, 'IAM Authorization'],
  [{ authMode: 'lambda', authToken: 'let-me-in-js' }, 'Lambda Authorization'],
];
for (const [mode, words] of MODES) {
  test(`${mode.authMode}: asks and hears`, async () => {
    const { data } = await client.graphql({ query: '{ whoami }', ...mode });
    assert.equal(data.whoami, words);
    assert.equal(await heard(mode, mode.authMode), mode.authMode);
  });
}

test('oidc: asks and hears', async () => {
  speakTo(config.oidc_url);
  const mode = { authMode: 'oidc' };
  const { data } = await client.graphql({ query: '{ whoami }', ...mode });
  assert.equal(data.whoami, 'Open ID Connect Authorization');
  assert.equal(await heard(mode, 'oidc'), 'oidc');
  speakTo(config.chat_url);
});

test('what a mode does not open stays shut, and says so', async () => {
  const lambda = { authMode: 'lambda', authToken: 'let-me-in-js' };
  const denied = await client.graphql({ query: '{ secret whoami }', ...lambda }).catch((error) => error);
  assert.equal(denied.errors[0].errorType, 'Unauthorized');
  assert.equal(denied.data.whoami, 'Lambda Authorization');
  const refused = { authMode: 'lambda', authToken: 'let-me-out' };
  await assert.rejects(client.graphql({ query: '{ whoami }', ...refused }));
  await assert.rejects(heard(refused, 'nobody'));
  assert.ok((await fetchAuthSession()).credentials);
});
