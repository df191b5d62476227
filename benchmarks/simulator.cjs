// Serves the API of a JSON file by Amplify's own AppSync simulator: `node simulator.cjs FOLDER FILE PORT`, where FOLDER
// is that of the npm install. Prints a line once it listens.
'use strict';
const { readFileSync } = require('fs');
const { createRequire } = require('module');
const { Server } = require('net');
const [folder, file, port] = process.argv.slice(2);

// It would listen on every interface of the machine.
const { listen } = Server.prototype;
Server.prototype.listen = function (where, ...rest) {
  return typeof where === 'number' ? listen.call(this, where, '127.0.0.1', ...rest) : listen.call(this, where, ...rest);
};

const { AmplifyAppSyncSimulator } = createRequire(`${folder}/`)('@aws-amplify/amplify-appsync-simulator');
const simulator = new AmplifyAppSyncSimulator({ port: Number(port) });
simulator.init(JSON.parse(readFileSync(file, 'utf8')));
simulator.start().then(() => process.stdout.write('listening\n'));
