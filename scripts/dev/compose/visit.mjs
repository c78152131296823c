import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { waitUntil } from '../../lib/processes.mjs';

/** What people do with an installation, through its public address: a visitor and an agent with an API token. */
export class Visit {
  #url;
  #account;
  #inbox;
  #visitor;
  #conversation;
  #file;

  constructor(url, { account_id: id, api_access_token: token }) {
    this.#url = url;
    // With hyphens: Debian's Caddy takes the underscored name away.
    this.#account = { path: `/api/v1/accounts/${id}`, id, token, headers: { 'api-access-token': token } };
  }

  /** The agent makes a chat for a website; a visitor opens it, both hear each other at once, and a file of 39 MB comes through whole. */
  async talk() {
    this.#inbox = await this.#asAgent('POST', '/inboxes', { name: 'Website', channel: { type: 'web_widget', website_url: 'https://foodbank.example' } });
    const config = await this.#call('POST', this.#widget('config'), { body: {} });
    this.#visitor = { 'x-auth-token': config.website_channel_config.auth_token };
    const agent = await listen(`${this.#url}/agent`, { api_access_token: this.#account.token, account_id: this.#account.id });
    try {
      await this.#call('POST', this.#widget('messages'), { body: { message: { content: 'Are you open today?' } }, headers: this.#visitor });
      const heard = await agent.hears('message.created', ({ content }) => content === 'Are you open today?');
      this.#conversation = heard.conversation_id;
      await this.#answer(agent);
      await this.#sendFile(agent);
    } finally {
      agent.close();
    }
  }

  /** Everything of before is still there, and talking goes on. */
  async findEverything() {
    const { payload } = await this.#asAgent('GET', `/conversations/${this.#conversation}/messages`);
    for (const text of ['Are you open today?', 'Until six.']) assert.ok(payload.some(({ content }) => content === text), `The message "${text}" is lost.`);
    assert.equal(await this.#digestOf(payload.find(({ attachments }) => attachments?.length > 0).attachments[0].data_url), this.#file);
    const agent = await listen(`${this.#url}/agent`, { api_access_token: this.#account.token, account_id: this.#account.id });
    try {
      await this.#answer(agent);
    } finally {
      agent.close();
    }
  }

  async #answer(agent) {
    // By polling: the transport of networks that forbid websockets.
    const visitor = await listen(`${this.#url}/visitor`, { website_token: this.#inbox.website_token, token: this.#visitor['x-auth-token'] }, ['polling']);
    try {
      await this.#asAgent('POST', `/conversations/${this.#conversation}/messages`, { content: 'Until six.' });
      await visitor.hears('message.created', ({ content }) => content === 'Until six.');
      visitor.say('typing', { on: true });
      await agent.hears('conversation.typing_on', () => true);
    } finally {
      visitor.close();
    }
  }

  async #sendFile(agent) {
    const bytes = randomBytes(39 * 1024 * 1024);
    this.#file = createHash('sha256').update(bytes).digest('hex');
    const form = new FormData();
    form.append('message[content]', 'The scan');
    form.append('message[attachments][]', new Blob([bytes], { type: 'application/pdf' }), 'scan.pdf');
    await this.#call('POST', this.#widget('messages'), { form, headers: this.#visitor });
    const { attachments } = await agent.hears('message.created', (message) => message.attachments?.length > 0);
    assert.equal(await this.#digestOf(attachments[0].data_url), this.#file, 'The file came back changed.');
  }

  async #digestOf(url) {
    const response = await fetch(new URL(url, this.#url));
    assert.equal(response.status, 200, url);
    return createHash('sha256').update(Buffer.from(await response.arrayBuffer())).digest('hex');
  }

  #widget(path) {
    return `/api/v1/widget/${path}?website_token=${this.#inbox.website_token}`;
  }

  #asAgent(method, path, body) {
    return this.#call(method, this.#account.path + path, { body, headers: this.#account.headers });
  }

  async #call(method, path, { body, form, headers }) {
    const response = await fetch(this.#url + path, { method, headers: { ...headers, ...(body && { 'content-type': 'application/json' }) }, body: form ?? (body && JSON.stringify(body)) });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** A connected socket that keeps what it hears. */
async function listen(url, auth, transports = ['websocket']) {
  const heard = [];
  const socket = io(url, { auth, transports, forceNew: true });
  socket.on('event', (frame) => heard.push(frame));
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => { socket.close(); reject(new Error(`The socket ${url} is refused: ${error.message}`)); });
  });
  return {
    say: (event, data) => socket.emit(event, data),
    close: () => socket.close(),
    async hears(event, fits) {
      let found;
      await waitUntil(() => { found = heard.find((frame) => frame.event === event && fits(frame.data)); return found; }, { timeout: 15_000 });
      assert.ok(found, `${event} was not heard on ${url}, only ${heard.map((frame) => frame.event).join(', ') || 'nothing'}`);
      return found.data;
    },
  };
}
