// amazon-cognito-identity-js, the library of older apps, against pools whose sign-ins differ.
import assert from 'node:assert/strict';
import test from 'node:test';
import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from 'amazon-cognito-identity-js';
import { PASSWORD, codeFor, config, newName, totp } from './emulator.mjs';

globalThis.navigator ??= { userAgent: 'Node.js' }; // Node has none before 21

const named = (name) => (error) => error.name === name || error.code === name;
const NEW = 'another-Horse-7';

class Memory extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => this.set(key, value);
  removeItem = (key) => this.delete(key);
}

// A method that takes (…, callback) or (…, { onSuccess, onFailure }) as a promise.
const call = (object, method, ...given) =>
  new Promise((resolve, reject) => object[method](...given, (error, data) => (error ? reject(error) : resolve(data))));
const told = (object, method, ...given) =>
  new Promise((resolve, reject) => {
    const next = (step) => (...details) => resolve({ step, details });
    const steps = ['customChallenge', 'inputVerificationCode', 'mfaRequired', 'newPasswordRequired', 'totpRequired'];
    const listeners = Object.fromEntries(steps.map((step) => [step, next(step)]));
    object[method](...given, { ...listeners, onSuccess: (data) => resolve(data), onFailure: reject });
  });

function userOf(pool, Username, Storage = new Memory()) {
  const ids = { UserPoolId: config.pools[pool].userPoolId, ClientId: config.pools[pool].userPoolClientId };
  const Pool = new CognitoUserPool({ ...ids, endpoint: config.endpoint, Storage });
  return { Pool, user: new CognitoUser({ Username, Pool, Storage }) };
}

async function newcomer(pool, Storage) {
  const username = newName(pool);
  const { Pool, user } = userOf(pool, username, Storage);
  const email = new CognitoUserAttribute({ Name: 'email', Value: `${username}@example.com` });
  await call(Pool, 'signUp', username, PASSWORD, [email], null);
  assert.equal(await call(user, 'confirmRegistration', await codeFor(username), true), 'SUCCESS');
  return user;
}

const signIn = (user, Password = PASSWORD) =>
  told(user, 'authenticateUser', new AuthenticationDetails({ Username: user.getUsername(), Password }));

test('a user looks after itself: attributes, password, session, and the end of it all', async () => {
  const user = await newcomer('totp');
  await assert.rejects(signIn(user, 'wrong-Horse-9'), named('NotAuthorizedException'));
  const first = await signIn(user);
  await call(user, 'updateAttributes', [new CognitoUserAttribute({ Name: 'nickname', Value: 'al' })]);
  const attributes = Object.fromEntries((await call(user, 'getUserAttributes')).map((one) => [one.Name, one.Value]));
  assert.deepEqual([attributes.nickname, attributes.email_verified], ['al', 'true']);
  await call(user, 'changePassword', PASSWORD, NEW);
  const renewed = await call(user, 'refreshSession', first.getRefreshToken());
  assert.equal(renewed.getAccessToken().payload.origin_jti, first.getAccessToken().payload.origin_jti);
  await told(user, 'globalSignOut');
  await signIn(user, NEW);
  await call(user, 'deleteUser');
  await assert.rejects(signIn(user, NEW), named('UserNotFoundException'));
});

test('a forgotten password is replaced', async () => {
  const user = await newcomer('totp');
  assert.equal((await told(user, 'forgotPassword')).step, 'inputVerificationCode');
  await told(user, 'confirmPassword', await codeFor(user.getUsername()), NEW);
  assert.equal((await signIn(user, NEW)).isValid(), true);
});

test('an authenticator app is asked for', async () => {
  const user = await newcomer('totp');
  await signIn(user);
  const secret = await new Promise((associateSecretCode, onFailure) => {
    user.associateSoftwareToken({ associateSecretCode, onFailure });
  });
  await told(user, 'verifySoftwareToken', totp(secret), 'app');
  await call(user, 'setUserMfaPreference', null, { PreferredMfa: true, Enabled: true });
  assert.equal((await signIn(user)).step, 'totpRequired');
  const session = await new Promise((onSuccess, onFailure) => {
    user.sendMFACode(totp(secret, 1), { onSuccess, onFailure }, 'SOFTWARE_TOKEN_MFA');
  });
  assert.equal(session.isValid(), true);
});

test('the functions of a pool ask their own question', async () => {
  const user = await newcomer('custom');
  user.setAuthenticationFlowType('CUSTOM_AUTH');
  const details = new AuthenticationDetails({ Username: user.getUsername() });
  const asked = await told(user, 'initiateAuth', details);
  assert.deepEqual([asked.step, asked.details[0].question], ['customChallenge', 'word?']);
  assert.equal((await told(user, 'sendCustomChallengeAnswer', 'abracadabra')).step, 'customChallenge');
  assert.equal((await told(user, 'sendCustomChallengeAnswer', 'sesame')).isValid(), true);
});

test('somebody invited sets a password', async () => {
  const { username, password } = config.invited;
  const { user } = userOf('totp', username);
  const asked = await signIn(user, password);
  assert.deepEqual([asked.step, asked.details[1]], ['newPasswordRequired', ['email']]);
  const email = { email: `${username}@example.com` };
  assert.equal((await told(user, 'completeNewPasswordChallenge', PASSWORD, email)).isValid(), true);
});

test('a remembered device proves itself in place of the second factor', async () => {
  const user = await newcomer('devices');
  await signIn(user);
  await told(user, 'setDeviceStatusRemembered');
  assert.equal((await told(user, 'listDevices', 10, null)).Devices.length, 1);
  const secret = await new Promise((associateSecretCode, onFailure) => {
    user.associateSoftwareToken({ associateSecretCode, onFailure });
  });
  await told(user, 'verifySoftwareToken', totp(secret), 'app');
  await call(user, 'setUserMfaPreference', null, { PreferredMfa: true, Enabled: true });
  assert.equal((await signIn(user)).isValid(), true);
});
