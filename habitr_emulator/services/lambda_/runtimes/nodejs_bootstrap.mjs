// What runs in a Node.js worker: loads the handler, then answers one event after another over the Runtime API.
// Only node's own modules. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { existsSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root, _HANDLER: name } = process.env;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

// Nobody reads us any more: the emulator is gone.
process.stdin.on('error', () => process.exit(1)).on('close', () => process.exit(1)).resume().unref?.();

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const lines = body === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(`http://${api}/2018-06-01/runtime/${path}`, { method, agent, headers: lines }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ headers: answer.headers, text: Buffer.concat(chunks).toString() }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function errorObject(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function named(type, message) {
  const error = new Error(message);
  error.name = type;
  return error;
}

async function loadModule(path) {
  const file = ['', '.js', '.mjs', '.cjs'].map((end) => path + end).find((candidate) => existsSync(candidate) && candidate !== path);
  if (!file) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${path.slice(root.length + 1)}'`);
  try {
    return file.endsWith('.mjs') ? await import(pathToFileURL(file)) : createRequire(join(root, 'bootstrap.cjs'))(file);
  } catch (error) {
    if (error.code === 'ERR_REQUIRE_ESM') return import(pathToFileURL(file));
    if (error instanceof SyntaxError && /^(Cannot use import|Unexpected token 'export')/.test(error.message)) return import(pathToFileURL(file));
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND') throw named('Runtime.ImportModuleError', `Error: ${error.message}`);
    throw error;
  }
}

async function load() {
  const slash = name.lastIndexOf('/');
  const dot = name.indexOf('.', slash + 1);
  if (dot < 0) throw named('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await loadModule(join(root, name.slice(0, dot)));
  const parts = name.slice(dot + 1).split('.');
  const find = (from) => parts.reduce((value, part) => value?.[part], from);
  const handler = find(module) ?? find(module.default);
  if (typeof handler !== 'function') throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  return handler;
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const client = headers['lambda-runtime-client-context'];
  const env = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    clientContext: client ? JSON.parse(client) : undefined,
    identity: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// Resolves with the promise that the handler returns, with what it calls back, or with nothing once nothing is left to do.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error === null || error === undefined ? resolve(result) : reject(error));
    Object.assign(context, { succeed: resolve, fail: reject, done: callback });
    process.removeAllListeners('beforeExit').once('beforeExit', () => resolve(null));
    try {
      const returned = handler(event, context, callback);
      if (typeof returned?.then === 'function') returned.then(resolve, reject);
    } catch (error) {
      reject(error);
    }
  });
}

function report(error) {
  const body = errorObject(error);
  console.error(JSON.stringify(body));
  return JSON.stringify(body);
}

let inFlight = '';

async function fatal(error) {
  const type = { 'lambda-runtime-function-error-type': 'Runtime.UnhandledError' };
  const path = inFlight ? `invocation/${inFlight}/error` : 'init/error';
  await call('POST', path, report(error), type).catch(() => {});
  process.exit(inFlight ? 128 : 1);
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

const handler = await load().catch(fatal);
for (;;) {
  const { headers, text } = await call('GET', 'invocation/next').catch(() => process.exit(1));
  inFlight = headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] ?? '';
  let kind = 'response';
  let body;
  try {
    body = JSON.stringify((await run(handler, JSON.parse(text), contextOf(headers))) ?? null) ?? 'null';
  } catch (error) {
    [kind, body] = ['error', report(error)];
  }
  await call('POST', `invocation/${inFlight}/${kind}`, body);
  inFlight = '';
}
