// aws-amplify Storage: photos of members, and how little guests may.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { here } from './amplify.mjs';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { copy, downloadData, getProperties, getUrl, list, remove, uploadData } from 'aws-amplify/storage';
import { PASSWORD, newUser } from './emulator.mjs';

// What Amplify reads files with, which browsers have and Node has not.
globalThis.FileReader ??= class {
  readAsArrayBuffer(blob) {
    blob.arrayBuffer().then((buffer) => {
      this.result = buffer;
      this.onload({ target: this });
    }, this.onerror);
  }
};
const PHOTO = new Uint8Array([137, 80, 78, 71]);
const denied = (error) => error.name === 'AccessDenied';
let member;
let identity;

before(async () => {
  member = await newUser('photographer');
  await signIn({ username: member, password: PASSWORD });
  identity = (await fetchAuthSession()).identityId;
});
after(() => signOut());

const upload = (path, data, options) => uploadData({ path, data, options: { ...here, ...options } }).result;

test('a photo is uploaded, described, listed, served, copied and removed', async () => {
  const path = `protected/${identity}/photo of me.png`;
  await upload(path, PHOTO, { contentType: 'image/png', metadata: { taken: 'today' } });
  const properties = await getProperties({ path, options: here });
  assert.equal(properties.contentType, 'image/png');
  assert.deepEqual(properties.metadata, { taken: 'today' });
  const { items } = await list({ path: `protected/${identity}/`, options: { ...here, listAll: true } });
  assert.deepEqual(items.map((item) => [item.path, item.size]), [[path, PHOTO.length]]);
  const { url } = await getUrl({ path, options: here });
  const served = await fetch(url);
  assert.equal(served.headers.get('content-type'), 'image/png');
  assert.deepEqual(new Uint8Array(await served.arrayBuffer()), PHOTO);
  const twin = `protected/${identity}/twin.png`;
  await copy({ source: { path }, destination: { path: twin }, options: here });
  const { body } = await downloadData({ path: twin, options: here }).result;
  assert.deepEqual(new Uint8Array(await (await body.blob()).arrayBuffer()), PHOTO);
  await remove({ path: twin, options: here });
  await assert.rejects(getProperties({ path: twin, options: here }), { name: 'NotFound' });
});

test('a changed presigned URL is refused', async () => {
  const path = `protected/${identity}/tamper.png`;
  await upload(path, PHOTO);
  const { url } = await getUrl({ path, options: here });
  url.searchParams.set('X-Amz-Expires', '86400');
  const refused = await fetch(url);
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
});

test('nobody writes under a foreign identity, or reads what is private there', async () => {
  const foreign = '00000000-0000-0000-0000-000000000000';
  const prefix = identity.replace(/[^:]+$/, foreign);
  await assert.rejects(upload(`protected/${prefix}/x.png`, PHOTO), denied);
  await assert.rejects(downloadData({ path: `private/${prefix}/x`, options: here }).result, denied);
  await assert.rejects(list({ path: `private/${prefix}/`, options: here }), denied);
});

test('a guest has credentials that open no photo', async () => {
  const path = `protected/${identity}/members.png`;
  await upload(path, PHOTO);
  await signOut();
  try {
    const guest = await fetchAuthSession();
    assert.equal(guest.tokens, undefined);
    assert.match(guest.credentials.accessKeyId, /^ASIA/);
    assert.notEqual(guest.identityId, identity);
    await assert.rejects(downloadData({ path, options: here }).result, denied);
    await assert.rejects(list({ path: 'protected/', options: here }), denied);
    await assert.rejects(upload('public/x.png', PHOTO), denied);
  } finally {
    await signIn({ username: member, password: PASSWORD });
  }
});

test('a large file goes up in parts and comes down in one piece', async () => {
  const path = `private/${identity}/large.bin`;
  const large = new Uint8Array(6 * 1024 * 1024).map((_, at) => at % 251);
  await upload(path, new Blob([large]));
  const properties = await getProperties({ path, options: here });
  assert.match(properties.eTag, /-2"?$/);
  const { body } = await downloadData({ path, options: here }).result;
  assert.deepEqual(new Uint8Array(await (await body.blob()).arrayBuffer()), large);
  const { body: piece } = await downloadData({
    path,
    options: { ...here, bytesRange: { start: 5242878, end: 5242881 } },
  }).result;
  assert.deepEqual(new Uint8Array(await (await piece.blob()).arrayBuffer()), large.slice(5242878, 5242882));
});

test('a list goes page by page, or stops at the next folder', async () => {
  const folder = `public/${identity.replace(':', '-')}/`;
  for (const name of ['a', 'b', 'c', 'deep/d', 'deep/e']) await upload(folder + name, PHOTO);
  const found = [];
  let nextToken;
  do {
    const page = await list({ path: folder, options: { ...here, pageSize: 2, nextToken } });
    found.push(...page.items.map((item) => item.path.slice(folder.length)));
    nextToken = page.nextToken;
  } while (nextToken);
  assert.deepEqual(found, ['a', 'b', 'c', 'deep/d', 'deep/e']);
  const flat = await list({ path: folder, options: { ...here, subpathStrategy: { strategy: 'exclude' } } });
  assert.deepEqual(flat.items.map((item) => item.path), ['a', 'b', 'c'].map((name) => folder + name));
  assert.deepEqual(flat.excludedSubpaths, [`${folder}deep/`]);
});
