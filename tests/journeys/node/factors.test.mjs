// Second factors, chosen first factors, custom challenges and remembered devices, with aws-amplify.
import assert from 'node:assert/strict';
import test from 'node:test';
import './amplify.mjs';
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';
import { PASSWORD, codeFor, config, newName, totp } from './emulator.mjs';

const named = (name) => (error) => error.name === name;

// Amplify for one of the pools that the test made: { userPoolId, userPoolClientId }.
function use(pool) {
  const Cognito = { ...config.pools[pool], userPoolEndpoint: config.endpoint };
  const warn = console.warn;
  console.warn = () => {};
  Amplify.configure({ Auth: { Cognito } });
  console.warn = warn;
}

async function newcomer(pool) {
  use(pool);
  const username = newName(pool);
  const options = { userAttributes: { email: `${username}@example.com` } };
  await auth.signUp({ username, password: PASSWORD, options });
  await auth.confirmSignUp({ username, confirmationCode: await codeFor(username) });
  return username;
}

const wrong = (code) => String((Number(code) + 1) % 1e6).padStart(6, '0');

test('an authenticator app is set up, preferred, asked for, and turned off', async () => {
  const username = await newcomer('totp');
  assert.equal((await auth.signIn({ username, password: PASSWORD })).isSignedIn, true);
  const { sharedSecret } = await auth.setUpTOTP();
  await assert.rejects(auth.verifyTOTPSetup({ code: wrong(totp(sharedSecret)) }), named('EnableSoftwareTokenMFAException'));
  await auth.verifyTOTPSetup({ code: totp(sharedSecret) });
  await auth.updateMFAPreference({ totp: 'PREFERRED' });
  assert.deepEqual(await auth.fetchMFAPreference(), { enabled: ['TOTP'], preferred: 'TOTP' });
  await auth.signOut();

  const asked = await auth.signIn({ username, password: PASSWORD });
  assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
  const code = totp(sharedSecret, 1); // each code works once, and a clock one step ahead is in time
  await assert.rejects(auth.confirmSignIn({ challengeResponse: wrong(code) }), named('CodeMismatchException'));
  assert.equal((await auth.confirmSignIn({ challengeResponse: code })).isSignedIn, true);
  await auth.updateMFAPreference({ totp: 'DISABLED' });
  await auth.signOut();
  assert.equal((await auth.signIn({ username, password: PASSWORD })).isSignedIn, true);
  await auth.signOut();
});

test('a pool that insists on a second factor has it set up during the first sign-in', async () => {
  const username = await newcomer('insisting');
  const asked = await auth.signIn({ username, password: PASSWORD });
  assert.equal(asked.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP');
  const { sharedSecret } = asked.nextStep.totpSetupDetails;
  assert.equal((await auth.confirmSignIn({ challengeResponse: totp(sharedSecret) })).isSignedIn, true);
  assert.deepEqual(await auth.fetchMFAPreference(), { enabled: ['TOTP'], preferred: 'TOTP' });
  await auth.signOut();
});

test('one of several second factors is selected', async () => {
  const username = await newcomer('several');
  await auth.signIn({ username, password: PASSWORD });
  await auth.updateUserAttributes({ userAttributes: { phone_number: '+15551234567' } });
  const { sharedSecret } = await auth.setUpTOTP();
  await auth.verifyTOTPSetup({ code: totp(sharedSecret) });
  await auth.updateMFAPreference({ totp: 'ENABLED', sms: 'ENABLED' });
  await auth.signOut();

  const asked = await auth.signIn({ username, password: PASSWORD });
  assert.equal(asked.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION');
  assert.deepEqual(asked.nextStep.allowedMFATypes.toSorted(), ['SMS', 'TOTP']);
  const sent = await auth.confirmSignIn({ challengeResponse: 'SMS' });
  assert.equal(sent.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_SMS_CODE');
  assert.equal(sent.nextStep.codeDeliveryDetails.destination, '+*******4567');
  assert.equal((await auth.confirmSignIn({ challengeResponse: await codeFor(username) })).isSignedIn, true);
  await auth.signOut();
});

test('the functions of a pool ask their own question', async () => {
  const username = await newcomer('custom');
  const without = { authFlowType: 'CUSTOM_WITHOUT_SRP' };
  const asked = await auth.signIn({ username, options: without });
  assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
  assert.equal(asked.nextStep.additionalInfo.question, 'word?');
  const again = await auth.confirmSignIn({ challengeResponse: 'abracadabra' });
  assert.equal(again.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
  const options = { clientMetadata: { spell: 'open' } };
  assert.equal((await auth.confirmSignIn({ challengeResponse: 'sesame', options })).isSignedIn, true);
  await auth.signOut();

  await auth.signIn({ username, options: without });
  await auth.confirmSignIn({ challengeResponse: 'abracadabra' });
  await assert.rejects(auth.confirmSignIn({ challengeResponse: 'abracadabra' }), named('NotAuthorizedException'));
});

test('the password comes before the question', async () => {
  const username = await newcomer('custom');
  const options = { authFlowType: 'CUSTOM_WITH_SRP' };
  await assert.rejects(auth.signIn({ username, password: 'wrong-Horse-9', options }), named('NotAuthorizedException'));
  const asked = await auth.signIn({ username, password: PASSWORD, options });
  assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE');
  assert.equal((await auth.confirmSignIn({ challengeResponse: 'sesame' })).isSignedIn, true);
  await auth.signOut();
});

test('a code by mail is chosen in place of the password', async () => {
  const username = await newcomer('choice');
  const options = { authFlowType: 'USER_AUTH' };
  const offered = await auth.signIn({ username, options });
  assert.equal(offered.nextStep.signInStep, 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION');
  assert.deepEqual(offered.nextStep.availableChallenges.toSorted(), ['EMAIL_OTP', 'PASSWORD', 'PASSWORD_SRP']);
  const sent = await auth.confirmSignIn({ challengeResponse: 'EMAIL_OTP' });
  assert.equal(sent.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE');
  const code = await codeFor(username);
  assert.match(code, /^\d{8}$/);
  assert.equal((await auth.confirmSignIn({ challengeResponse: code })).isSignedIn, true);
  await auth.signOut();

  const preferred = { ...options, preferredChallenge: 'PASSWORD_SRP' };
  assert.equal((await auth.signIn({ username, password: PASSWORD, options: preferred })).isSignedIn, true);
  await auth.signOut();
});

test('somebody without a password is signed in by the code that confirms the sign-up', async () => {
  use('choice');
  const username = newName('passwordless');
  const options = { userAttributes: { email: `${username}@example.com` }, autoSignIn: { authFlowType: 'USER_AUTH' } };
  await auth.signUp({ username, options });
  const confirmed = await auth.confirmSignUp({ username, confirmationCode: await codeFor(username) });
  assert.equal(confirmed.nextStep.signUpStep, 'COMPLETE_AUTO_SIGN_IN');
  assert.equal((await auth.autoSignIn()).isSignedIn, true);
  assert.equal((await auth.getCurrentUser()).username, username);
  await auth.signOut();
});

test('a remembered device stands in for the second factor until it is forgotten', async () => {
  const username = await newcomer('devices');
  await auth.signIn({ username, password: PASSWORD });
  await auth.rememberDevice();
  const [device] = await auth.fetchDevices();
  const { sharedSecret } = await auth.setUpTOTP();
  await auth.verifyTOTPSetup({ code: totp(sharedSecret) });
  await auth.updateMFAPreference({ totp: 'PREFERRED' });
  await auth.signOut();

  assert.equal((await auth.signIn({ username, password: PASSWORD })).isSignedIn, true);
  assert.equal((await auth.fetchAuthSession({ forceRefresh: true })).tokens.accessToken.payload.device_key, device.id);
  await auth.forgetDevice();
  assert.deepEqual(await auth.fetchDevices(), []);
  await auth.signOut();
  const asked = await auth.signIn({ username, password: PASSWORD });
  assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE');
});

test('somebody invited sets a password and the attributes that are required', async () => {
  use('totp');
  const { username, password } = config.invited;
  const asked = await auth.signIn({ username, password });
  assert.equal(asked.nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
  assert.deepEqual(asked.nextStep.missingAttributes, ['email']);
  const options = { userAttributes: { email: `${username}@example.com` } };
  await assert.rejects(auth.confirmSignIn({ challengeResponse: 'short', options }), named('InvalidPasswordException'));
  assert.equal((await auth.confirmSignIn({ challengeResponse: PASSWORD, options })).isSignedIn, true);
  assert.equal((await auth.fetchUserAttributes()).email, `${username}@example.com`);
  await auth.deleteUser();
  await assert.rejects(auth.signIn({ username, password: PASSWORD }), named('UserNotFoundException'));
});
