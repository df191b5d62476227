// aws-amplify's GraphQL and REST clients: rows, rules, votes, subscriptions over wss.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import './amplify.mjs';
import { generateClient, post } from 'aws-amplify/api';
import { signIn, signOut } from 'aws-amplify/auth';
import { Hub } from 'aws-amplify/utils';
import { PASSWORD, config, eventually, newUser, stranger } from './emulator.mjs';

const client = generateClient();
const ask = async (query, variables, more) => (await client.graphql({ query, variables, ...more })).data;
const refusal = (query, variables, more) =>
  ask(query, variables, more).then(
    () => assert.fail('the call was let through'),
    (answer) => answer,
  );

const CREATE = `mutation Create($tagline: String!) {
  createHabit(input: { tagline: $tagline, category: Health, details: "with care", ups: 0, downs: 0 }) {
    id tagline owner ups details createdAt } }`;
const VOTE = `mutation Vote($habitId: ID!, $type: VoteType!) { vote(habitId: $habitId, type: $type) {
  habit { id ups downs } user { username upvotedHabits } } }`;
const RENAME = 'mutation Rename($input: UpdateUserInput!) { updateUser(input: $input) { username name } }';

let me;
let other;

before(async () => {
  me = await newUser('amy');
  other = await stranger('ben');
  await signIn({ username: me, password: PASSWORD });
});
after(() => signOut());

test('a habit is made, listed, and read with its author and comments; a comment is deleted', async () => {
  const { createHabit: habit } = await ask(CREATE, { tagline: 'Walk' });
  assert.equal(habit.owner, me);
  assert.ok(Date.parse(habit.createdAt));
  await other.graphql('mutation($id: ID!) { createComment(input: { habitId: $id, comment: "good" }) { id } }', {
    id: habit.id,
  });
  const read = await ask(
    'query($id: ID!) { getHabit(id: $id) { author { username } comments { items { comment by { username } } } } }',
    { id: habit.id },
  );
  assert.deepEqual(read.getHabit, {
    author: { username: me },
    comments: { items: [{ comment: 'good', by: { username: other.username } }] },
  });
  const listed = await ask(
    'query { habitsByCategory(category: Health, sortDirection: DESC, limit: 1000) { items { id ups } } }',
  );
  assert.ok(listed.habitsByCategory.items.some(({ id }) => id === habit.id));
  const { createComment } = await ask(
    'mutation($id: ID!) { createComment(input: { habitId: $id, comment: "thanks" }) { id } }',
    { id: habit.id },
  );
  await ask('mutation($id: ID!) { deleteComment(input: { id: $id }) { id } }', createComment);
  const gone = await ask('query($id: ID!) { getComment(id: $id) { id } }', createComment);
  assert.equal(gone.getComment, null);
});

test('the rules of the schema hold', async () => {
  assert.equal((await ask(RENAME, { input: { username: me, name: 'Amy' } })).updateUser.name, 'Amy');
  const foreign = await refusal(RENAME, { input: { username: other.username, name: 'x' } });
  assert.equal(foreign.errors[0].errorType, 'Unauthorized');
  assert.deepEqual(foreign.errors[0].path, ['updateUser']);
  const hidden = await refusal('query($u: String!) { getUser(username: $u) { username upvotedHabits } }', {
    u: other.username,
  });
  assert.deepEqual(hidden.data.getUser, { username: other.username, upvotedHabits: null });
  const { createHabit: habit } = await ask(CREATE, { tagline: 'Mine' });
  const theft = await other.graphql('mutation($id: ID!) { deleteHabit(input: { id: $id }) { id } }', habit);
  assert.equal(theft.errors[0].errorType, 'Unauthorized');
  const key = await refusal(VOTE, { habitId: habit.id, type: 'upvote' }, { authMode: 'apiKey' });
  assert.equal(key.errors[0].errorType, 'Unauthorized');
});

test('two simultaneous votes both count, and a repeated one does not', async () => {
  const { createHabit: habit } = await ask(CREATE, { tagline: 'Voted' });
  const upvote = { habitId: habit.id, type: 'upvote' };
  await Promise.all([ask(VOTE, upvote), other.graphql(VOTE, upvote)]);
  await ask(VOTE, upvote).catch(() => {});
  const read = await ask('query($id: ID!) { getHabit(id: $id) { ups downs } }', { id: habit.id });
  assert.deepEqual(read.getHabit, { ups: 2, downs: 0 });
});

// Resolves when the library has heard start_ack: what is mutated from then on must arrive.
async function subscribed(query, variables, more) {
  const heard = [];
  const subscription = await new Promise((resolve, reject) => {
    const stop = Hub.listen('api', ({ payload }) => {
      if (payload.event === 'Subscription ack') {
        stop();
        resolve(begun);
      }
    });
    const begun = client
      .graphql({ query, variables, ...more })
      .subscribe({ next: ({ data }) => heard.push(data), error: reject });
  });
  return { heard, end: () => subscription.unsubscribe() };
}

test('onCreateHabit hears what the mutation selected, and no more', { timeout: 20_000 }, async () => {
  const live = await subscribed('subscription { onCreateHabit { tagline owner details } }');
  await other.graphql(CREATE, { tagline: 'whole' });
  await eventually(() => live.heard.some(({ onCreateHabit }) => onCreateHabit.tagline === 'whole'));
  await other.graphql(
    'mutation { createHabit(input: { tagline: "partial", category: Health, details: "x" }) { tagline owner } }',
  );
  const partial = await eventually(() => live.heard.find((data) => data.onCreateHabit.tagline === 'partial'));
  assert.deepEqual(partial.onCreateHabit, { tagline: 'partial', owner: other.username, details: null });
  live.end();
});

test('subscribeToVotes and subscribeToUser share a socket and hear their own events', { timeout: 20_000 }, async () => {
  const { createHabit: habit } = await ask(CREATE, { tagline: 'Watched' });
  const votes = await subscribed('subscription { subscribeToVotes { habit { id ups } user { username } } }');
  const renames = await subscribed('subscription($u: String!) { subscribeToUser(username: $u) { name } }', {
    u: other.username,
  });
  await ask(RENAME, { input: { username: me, name: 'not heard' } });
  await other.graphql(VOTE, { habitId: habit.id, type: 'upvote' });
  await other.graphql(RENAME, { input: { username: other.username, name: 'Ben' } });
  const vote = await eventually(() => votes.heard.find((data) => data.subscribeToVotes.habit.id === habit.id));
  assert.deepEqual(vote.subscribeToVotes, { habit: { id: habit.id, ups: 1 }, user: { username: other.username } });
  await eventually(() => renames.heard.length);
  assert.deepEqual(renames.heard, [{ subscribeToUser: { name: 'Ben' } }]);
  votes.end();
  renames.end();
});

test('a wrong API key may not subscribe', { timeout: 20_000 }, async () => {
  const wrong = { authMode: 'apiKey', apiKey: 'da2-wrong' };
  await assert.rejects(subscribed('subscription { onCreateHabit { id } }', {}, wrong), (error) =>
    /UnauthorizedException|not authorized/i.test(JSON.stringify(error)),
  );
});

test('the REST API answers a signed caller', async () => {
  const exists = async (username) => {
    const asked = post({ apiName: config.rest_api_name, path: '/user/exists', options: { body: { username } } });
    return (await (await asked.response).body.json()).exists;
  };
  assert.equal(await exists(me), true);
  assert.equal(await exists(`${me}nobody`), false);
});
