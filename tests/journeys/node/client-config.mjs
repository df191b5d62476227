// Signs in, queries and uploads with nothing but a file that `config` wrote: argv is the file and the export to take.
// With HABITR_PROXY the library keeps its production addresses, and goes through the emulator's CONNECT door.
import { ProxyAgent, setGlobalDispatcher } from 'undici';
import { Amplify } from 'aws-amplify';
import { generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { downloadData, uploadData } from 'aws-amplify/storage';

const { HABITR_PROXY: proxy, HABITR_USER: username, HABITR_PASSWORD: password } = process.env;
if (proxy) setGlobalDispatcher(new ProxyAgent(proxy));
const [file, name] = process.argv.slice(2);
const found = await import(file, file.endsWith('.json') ? { with: { type: 'json' } } : {});
console.warn = () => {};
Amplify.configure(found[name]);

await signIn({ username, password });
const query = 'query($name: String!) { getUser(username: $name) { username } }';
const { data } = await generateClient().graphql({ query, variables: { name: username } });
const { identityId } = await fetchAuthSession();
let stored = null;
if (proxy) {
  const path = `private/${identityId}/note`;
  await uploadData({ path, data: 'kept' }).result;
  stored = await (await downloadData({ path }).result).body.text();
}
const configured = Amplify.getConfig();
await signOut();
console.log(JSON.stringify({ user: data.getUser, identityId, stored, configured }));
process.exit(0);
