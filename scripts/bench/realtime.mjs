import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { inRepository } from '../lib/repository.mjs';
import { call, median, now, pg, quantile, tokenOf } from './rig.mjs';

const require = createRequire(inRepository('server/package.json'));
const { io } = require('socket.io-client');
const { Server } = require('socket.io');

/** From a visitor's POST to the agent's socket, against one bare commit and one bare socket echo. */
export async function benchRealtime({ server, owner, report, small, database }) {
  report.title('A visitor writes, an agent sees it');
  const token = await tokenOf(owner, small.administratorId);
  const visitor = await openVisitor(server, owner, small);
  const socket = await connectAgent(server, token, small.accountId);
  const waiting = new Map();
  socket.on('event', ({ event, data }) => { if (event === 'message.created') waiting.get(data.content)?.(now()); });
  const write = async (i) => {
    const content = `bench ${i} ${Math.random()}`;
    const arrived = new Promise((resolve) => waiting.set(content, resolve));
    const started = now();
    await visitor.post(content);
    const answered = now() - started;
    return { answered, arrived: await arrived - started };
  };
  const floor = await bareFloor(database.url);
  for (let i = 0; i < 20; i++) { await write(i); await floor.once(); }
  const [real, bare, answers] = [[], [], []];
  for (let i = 0; i < 200; i++) {
    const { arrived, answered } = await write(i);
    real.push(arrived);
    answers.push(answered);
    bare.push(await floor.once());
  }
  socket.close();
  await floor.close();
  report.figure('POST answered, p50', median(answers), 'ms');
  report.figure('agent sees it, p50', median(real), 'ms');
  report.figure('agent sees it, p95', quantile(real, 0.95), 'ms');
  report.figure('against a bare commit and a socket echo, p50', median(real) / median(bare), 'ratio', { atMost: 15 });
}

/** A visitor with an open conversation. */
export async function openVisitor(server, owner, account) {
  const { rows: [inbox] } = await owner.query('SELECT public_token FROM inboxes WHERE account_id = $1 AND id = $2', [account.accountId, account.inboxId]);
  const query = `?website_token=${inbox.public_token}`;
  const config = await call(server, undefined, 'POST', `/api/v1/widget/config${query}`, {});
  const headers = { 'X-Auth-Token': config.website_channel_config.auth_token };
  let n = 0;
  const post = (content) => call(server, undefined, 'POST', `/api/v1/widget/messages${query}`, { message: { content, echo_id: `bench-${++n}-${Math.random()}` } }, headers);
  await post('Hello');
  return { post, websiteToken: inbox.public_token, token: headers['X-Auth-Token'] };
}

/** An agent's socket, connected. */
export function connectAgent(server, token, accountId) {
  return connected(io(`${server.url}/agent`, { transports: ['websocket'], forceNew: true, auth: { api_access_token: token, account_id: accountId } }));
}

/** A visitor's socket, connected. */
export function connectVisitor(server, websiteToken, token) {
  return connected(io(`${server.url}/visitor`, { transports: ['websocket'], forceNew: true, auth: { website_token: websiteToken, token } }));
}

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}

/** One committed row and one echo over a bare socket.io server: what no helpdesk can be faster than. */
async function bareFloor(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE IF NOT EXISTS bench_floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text)');
  const http = createServer();
  const echo = new Server(http, { serveClient: false });
  echo.on('connection', (s) => s.on('echo', (x) => s.emit('echoed', x)));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const socket = await connected(io(`http://127.0.0.1:${http.address().port}`, { transports: ['websocket'], forceNew: true }));
  return {
    async once() {
      const started = now();
      await client.query('INSERT INTO bench_floor (content) VALUES ($1)', ['Is there parking beside the hall?']);
      await new Promise((resolve) => { socket.once('echoed', resolve); socket.emit('echo', { content: 'Is there parking beside the hall?' }); });
      return now() - started;
    },
    async close() {
      socket.close();
      await echo.close();
      await client.query('DROP TABLE bench_floor');
      await client.end();
    },
  };
}
