// A page of an app with the configuration that the Amplify CLI would write, its hosts those of production: signs in,
// subscribes, creates, queries, uploads and reads back. globalThis.settings is { awsExports, username, password }.
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { downloadData, getUrl, uploadData } from 'aws-amplify/storage';
import { Hub } from 'aws-amplify/utils';

const main = document.querySelector('main');
const { awsExports, username, password } = globalThis.settings;
const CREATE = 'mutation($t: String!) { createHabit(input: {tagline: $t, category: Health, ups: 0, downs: 0}) { id tagline } }';

async function live(client, tagline) {
  const ready = new Promise((resolve) =>
    Hub.listen('api', ({ payload }) => payload.event === 'Subscription ack' && resolve()),
  );
  const heard = new Promise((resolve, reject) =>
    client.graphql({ query: 'subscription { onCreateHabit { tagline } }' }).subscribe({
      next: ({ data }) => data.onCreateHabit.tagline === tagline && resolve(tagline),
      error: reject,
    }),
  );
  await ready;
  await client.graphql({ query: CREATE, variables: { t: tagline } });
  return heard;
}

async function visit() {
  Amplify.configure(awsExports);
  await signIn({ username, password });
  const client = generateClient();
  const heard = await live(client, `walk ${username}`);
  const query = 'query($u: String!) { getUser(username: $u) { username } }';
  const { data } = await client.graphql({ query, variables: { u: username } });
  const { identityId } = await fetchAuthSession();
  const path = `protected/${identityId}/photo of me.txt`;
  await uploadData({ path, data: new Blob(['cheese']), options: { contentType: 'text/plain' } }).result;
  const { body } = await downloadData({ path }).result;
  const { url } = await getUrl({ path });
  const signed = await (await fetch(url)).text();
  return { user: data.getUser.username, heard, stored: await body.text(), signed, host: url.host };
}

visit().then(
  (found) => (main.textContent = `Done ${JSON.stringify(found)}`),
  (error) => (main.textContent = `Failed ${error.name}: ${error.message} ${JSON.stringify(error.errors ?? '')}`),
);
