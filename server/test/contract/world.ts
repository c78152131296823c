import { expect } from '@jest/globals';
import { makeAccount, makeMember, unique, type AccountWithAdmin, type Person } from '../factories.js';
import { makeInbox, type MadeInbox } from '../factories-inboxes.js';
import { makePlatformApp } from '../factories-machines.js';
import { call, type Answer } from '../http.js';
import type { TestApp } from '../test-app.js';

/** Who calls. A foreigner is an administrator of another account. */
export type Caller = 'administrator' | 'agent' | 'bot' | 'foreigner' | 'nobody' | 'platform';

/** An account at work, and the people and programs who call. */
export class World {
  private constructor(readonly t: TestApp, readonly account: AccountWithAdmin, readonly callers: Record<Caller, Person | null>, readonly inbox: MadeInbox, readonly contact: { id: number; source_id: string }) {}

  static async make(t: TestApp): Promise<World> {
    const [account, foreign, platform] = [await makeAccount(t), await makeAccount(t), await makePlatformApp(t)];
    const agent = await makeMember(t, account.id);
    const inbox = await makeInbox(t, account, { type: 'api', members: [agent, account.admin] });
    const bot = await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/agent_bots`, { name: 'Typist', outgoing_url: '' });
    expect(bot.status).toBe(200);
    const contact = await call(t, null, 'POST', `/public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`, { name: 'Ada', email: `ada-${unique()}@example.org` });
    const program = { id: bot.body.id, email: '', name: 'Typist', token: bot.body.access_token, headers: { api_access_token: bot.body.access_token } };
    return new World(t, account, { administrator: account.admin, agent, bot: program, foreigner: foreign.admin, nobody: null, platform }, inbox, contact.body);
  }

  get agent(): Person {
    return this.callers.agent!;
  }

  path(rest: string): string {
    return `/api/v1/accounts/${this.account.id}/${rest}`;
  }

  /** Where the contact's client finds itself. */
  client(rest = ''): string {
    return `/public/api/v1/inboxes/${this.inbox.inbox_identifier}/contacts/${this.contact.source_id}${rest}`;
  }

  /** Calls as the administrator (or somebody else) and expects it to work. */
  async ask<T = any>(method: string, path: string, body?: unknown, who: Caller = 'administrator'): Promise<T> { // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer
    const answer: Answer<T> = await call<T>(this.t, this.callers[who], method, path.startsWith('/') ? path : this.path(path), body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 300)}`);
    return answer.body;
  }

  /** Makes one and answers its id. */
  async made(collection: string, body: object, who?: Caller): Promise<number> {
    const answer = await this.ask('POST', collection, body, who);
    return answer.id ?? answer.payload?.id ?? answer.payload?.webhook?.id ?? answer.payload?.contact?.id;
  }

  /** A conversation that the contact began with a message. */
  async conversation(): Promise<number> {
    const { id } = await this.ask('POST', this.client('/conversations'), {}, 'nobody');
    await this.ask('POST', this.client(`/conversations/${id}/messages`), { content: 'Are you open?' }, 'nobody');
    return id as number;
  }
}
