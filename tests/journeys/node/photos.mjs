// A page of an app with aws-amplify that keeps photos; globalThis.settings is { Auth: …, Storage: … }.
import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { downloadData, getProperties, getUrl, list, remove, uploadData } from 'aws-amplify/storage';

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
const mine = async () => `protected/${(await fetchAuthSession()).identityId}/`;
const bytes = async (answer) => new Uint8Array(await answer.arrayBuffer());

Amplify.configure(globalThis.settings);
on('in', async () => {
  await signIn({ username: value('username'), password: value('password') });
  return 'Hello';
});
on('small', async () => {
  const path = `${await mine()}me & you.png`;
  await uploadData({ path, data: new Blob(['PNG']), options: { metadata: { taken: 'today' } } }).result;
  const { metadata, size } = await getProperties({ path }); // the bucket's rules expose no x-amz-meta- headers
  const { url } = await getUrl({ path });
  const { items } = await list({ path: await mine() });
  const shown = new TextDecoder().decode(await bytes(await fetch(url)));
  return `${metadata?.taken} ${size} ${shown} ${items.length}`;
});
on('large', async () => {
  const path = `${await mine()}large.bin`;
  const data = new Blob([new Uint8Array(6 * 1024 * 1024).map((_, at) => at % 251)]);
  let sent = 0;
  const onProgress = ({ transferredBytes }) => (sent = transferredBytes);
  await uploadData({ path, data, options: { onProgress } }).result;
  const { eTag } = await getProperties({ path });
  const { body } = await downloadData({ path }).result;
  const [got, put] = [await bytes(await body.blob()), await bytes(data)];
  await remove({ path });
  return `${sent} in ${eTag.split('-')[1][0]} parts, ${got.every((byte, at) => byte === put[at])}`;
});
on('foreign', async () => {
  const path = (await mine()).replace('protected', 'private').replace(/[0-9a-f]{12}/, '000000000000');
  await list({ path });
  return 'seen';
});
main.textContent = 'Nobody';
