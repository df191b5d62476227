// A page of an app with aws-amplify that makes a passkey and signs in with it; globalThis.settings is { Auth: … }.
import { Amplify } from 'aws-amplify';
import * as auth from 'aws-amplify/auth';

const main = document.querySelector('main');
const value = (name) => document.querySelector(`input[name=${name}]`).value;
const say = (act) => async () => {
  main.textContent = '…';
  try {
    main.textContent = await act();
  } catch (error) {
    main.textContent = String(error);
  }
};
const on = (id, act) => (document.getElementById(id).onclick = say(act));

async function signIn(preferredChallenge, password) {
  const options = { authFlowType: 'USER_AUTH', preferredChallenge };
  await auth.signIn({ username: value('username'), password, options });
  return `Hello ${(await auth.getCurrentUser()).username} by ${preferredChallenge}`;
}

Amplify.configure(globalThis.settings);
on('password', () => signIn('PASSWORD_SRP', value('password')));
on('passkey', () => signIn('WEB_AUTHN'));
on('make', async () => {
  await auth.associateWebAuthnCredential();
  const { credentials } = await auth.listWebAuthnCredentials();
  return `Passkeys: ${credentials.length} for ${credentials[0].relyingPartyId}`;
});
on('delete', async () => {
  const { credentials } = await auth.listWebAuthnCredentials();
  await auth.deleteWebAuthnCredential({ credentialId: credentials[0].credentialId });
  return `Passkeys: ${(await auth.listWebAuthnCredentials()).credentials.length}`;
});
on('out', async () => {
  await auth.signOut();
  return 'Nobody';
});
main.textContent = 'Nobody';
