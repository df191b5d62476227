// A page of an app with aws-amplify that signs in through the hosted UI; globalThis.settings is { Auth: … }.
import { Amplify } from 'aws-amplify';
import 'aws-amplify/auth/enable-oauth-listener';
import { fetchAuthSession, getCurrentUser, signInWithRedirect, signOut } from 'aws-amplify/auth';
import { Hub } from 'aws-amplify/utils';

const main = document.querySelector('main');
const on = (id, act) => (document.getElementById(id).onclick = act);

async function look() {
  try {
    const { username } = await getCurrentUser();
    const { tokens } = await fetchAuthSession({ forceRefresh: true });
    main.textContent = `Hello ${username}: ${tokens.accessToken.payload.scope}`;
  } catch (error) {
    main.textContent = error.name === 'UserUnAuthenticatedException' ? 'Nobody' : String(error);
  }
}

Hub.listen('auth', ({ payload }) => {
  if (payload.event === 'signInWithRedirect') look();
  if (payload.event === 'signInWithRedirect_failure') main.textContent = String(payload.data?.error);
});
Amplify.configure(globalThis.settings);
on('in', () => signInWithRedirect({ customState: 'kept' }));
on('amazon', () => signInWithRedirect({ provider: 'Amazon' }));
on('out', () => signOut());
if (!new URLSearchParams(location.search).has('code')) look();
