// aws-amplify Auth, amazon-cognito-identity-js and aws-jwt-verify against the emulator.
import assert from 'node:assert/strict';
import test from 'node:test';
import './amplify.mjs';
import * as auth from 'aws-amplify/auth';
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { PASSWORD, codeFor, config, newName, newUser } from './emulator.mjs';

const named = (name) => (error) => error.name === name;

test('a newcomer signs up, confirms, signs in, refreshes and signs out', async () => {
  const username = newName('amplify');
  const email = `${username}@example.com`;
  const begun = await auth.signUp({ username, password: PASSWORD, options: { userAttributes: { email } } });
  assert.equal(begun.nextStep.signUpStep, 'CONFIRM_SIGN_UP');
  assert.equal(begun.nextStep.codeDeliveryDetails.deliveryMedium, 'EMAIL');
  assert.equal((await auth.signIn({ username, password: PASSWORD })).nextStep.signInStep, 'CONFIRM_SIGN_UP');

  const code = await codeFor(username);
  const wrong = code === '000000' ? '111111' : '000000';
  await assert.rejects(auth.confirmSignUp({ username, confirmationCode: wrong }), named('CodeMismatchException'));
  const confirmed = await auth.confirmSignUp({ username, confirmationCode: code });
  assert.equal(confirmed.isSignUpComplete, true);

  await assert.rejects(auth.signIn({ username, password: 'wrong-Horse-9' }), named('NotAuthorizedException'));
  assert.equal((await auth.signIn({ username, password: PASSWORD })).isSignedIn, true);
  assert.equal((await auth.getCurrentUser()).userId, begun.userId);
  assert.equal((await auth.fetchUserAttributes()).email, email);

  const first = await auth.fetchAuthSession();
  assert.equal(first.tokens.accessToken.payload.username, username);
  assert.equal(first.tokens.idToken.payload.aud, config.app_client_id);
  assert.match(first.credentials.accessKeyId, /^ASIA/);
  assert.match(first.identityId, new RegExp(`^${config.region}:`));
  const renewed = await auth.fetchAuthSession({ forceRefresh: true });
  assert.notEqual(renewed.tokens.accessToken.payload.jti, first.tokens.accessToken.payload.jti);
  assert.equal(renewed.tokens.accessToken.payload.origin_jti, first.tokens.accessToken.payload.origin_jti);
  assert.equal(renewed.identityId, first.identityId);

  await auth.signOut();
  await assert.rejects(auth.getCurrentUser(), named('UserUnAuthenticatedException'));
});

test('a forgotten password is reset with the code from the inbox', async () => {
  const username = await newUser('forgetful');
  const begun = await auth.resetPassword({ username });
  assert.equal(begun.nextStep.resetPasswordStep, 'CONFIRM_RESET_PASSWORD_WITH_CODE');
  const confirmationCode = await codeFor(username);
  await auth.confirmResetPassword({ username, confirmationCode, newPassword: 'another-Horse-7' });
  await assert.rejects(auth.signIn({ username, password: PASSWORD }), named('NotAuthorizedException'));
  assert.equal((await auth.signIn({ username, password: 'another-Horse-7' })).isSignedIn, true);
  await auth.signOut({ global: true });
});

test('a taken name and a weak password are refused', async () => {
  const username = await newUser('taken');
  const options = { userAttributes: { email: `${username}@example.com` } };
  await assert.rejects(auth.signUp({ username, password: PASSWORD, options }), named('UsernameExistsException'));
  const weak = auth.signUp({ username: newName('weak'), password: 'short', options });
  await assert.rejects(weak, named('InvalidPasswordException'));
});

class Memory extends Map {
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => this.set(key, value);
  removeItem = (key) => this.delete(key);
}

test('amazon-cognito-identity-js signs in by SRP, and aws-jwt-verify accepts its tokens', async () => {
  const Username = await newUser('identityjs');
  const Storage = new Memory();
  const Pool = new CognitoUserPool({
    UserPoolId: config.user_pool_id,
    ClientId: config.app_client_id,
    endpoint: config.endpoint,
    Storage,
  });
  const user = new CognitoUser({ Username, Pool, Storage });
  const session = await new Promise((onSuccess, onFailure) => {
    user.authenticateUser(new AuthenticationDetails({ Username, Password: PASSWORD }), { onSuccess, onFailure });
  });
  const verifier = CognitoJwtVerifier.create({
    userPoolId: config.user_pool_id,
    clientId: config.app_client_id,
    tokenUse: null,
  });
  const keys = await fetch(`${config.endpoint}/${config.user_pool_id}/.well-known/jwks.json`);
  verifier.cacheJwks(await keys.json());
  const access = session.getAccessToken().getJwtToken();
  assert.equal((await verifier.verify(access)).username, Username);
  assert.equal((await verifier.verify(session.getIdToken().getJwtToken()))['cognito:username'], Username);
  const [head, body, signature] = access.split('.');
  const swapped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
  await assert.rejects(verifier.verify([head, body, swapped].join('.')), /Invalid signature/);
});
