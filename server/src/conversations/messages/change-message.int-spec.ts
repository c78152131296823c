import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeAccount, type AccountWithAdmin, type Person } from '../../../test/factories.js';
import { makeConversation, makeMessage, type MadeConversation } from '../../../test/factories-conversations.js';
import { makeAgentIn, makeInbox, type MadeInbox } from '../../../test/factories-inboxes.js';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SweepUploadsJob } from '../attachments/sweep-uploads.job.js';

let t: TestApp;
let account: AccountWithAdmin;
let chat: MadeInbox;
let api: MadeInbox;
let agent: Person;
beforeAll(async () => {
  t = await startTestApp();
  account = await makeAccount(t);
  [chat, api] = [await makeInbox(t, account), await makeInbox(t, account, { type: 'api', channel: {} })];
  agent = await makeAgentIn(t, account, chat, api);
});
afterAll(() => t.close());

const act = (of: MadeConversation, method: string, path: string, body?: object) => call(t, agent, method, `${of.url}/messages/${path}`, body);
const setStatus = (id: number, status: number, error: string | null = null) => t.app.get(SystemWork).sql('UPDATE messages SET status = $2, external_error = $3 WHERE id = $1', [id, status, error]);

describe('deleting', () => {
  test('leaves a mark and takes text, files and preview away', async () => {
    const own = await makeConversation(t, account, chat);
    const form = new FormData();
    form.append('content', 'too private');
    form.append('attachments[]', new Blob(['secret'], { type: 'text/plain' }), 'secret.txt');
    const { body: message } = await call(t, agent, 'POST', `${own.url}/messages`, form);
    const deleted = await act(own, 'DELETE', String(message.id));
    expect(deleted.status).toBe(200);
    expect(deleted.body).toMatchObject({ id: message.id, content: 'This message was deleted', content_attributes: { deleted: true } });
    expect(deleted.body).not.toHaveProperty('attachments');
    expect((await act(own, 'DELETE', String(message.id))).body).toEqual(deleted.body);
    expect((await call(t, agent, 'GET', own.url)).body.last_message_preview).toBe('This message was deleted');
    await t.app.get(SweepUploadsJob).run();
    expect((await fetch(message.attachments[0].data_url)).status).toBe(404);
  });

  test('finds only messages of the conversation, and no activity', async () => {
    const [own, other] = [await makeConversation(t, account, chat), await makeConversation(t, account, chat)];
    const message = await makeMessage(t, other, agent);
    expect((await act(own, 'DELETE', String(message.id))).status).toBe(404);
    await call(t, agent, 'POST', `${own.url}/toggle_status`);
    const line = (await call(t, agent, 'GET', own.url)).body.messages[0];
    expect((await act(own, 'DELETE', String(line.id))).status).toBe(422);
  });
});

describe('reports of a program', () => {
  test('go forward only, and say why', async () => {
    const own = await makeConversation(t, account, api);
    const message = await makeMessage(t, own, agent);
    await setStatus(message.id, 0);
    const report = async (body: object) => (await act(own, 'PATCH', String(message.id), body)).body;
    expect(await report({ status: 'failed', external_error: 'no such number' })).toMatchObject({ status: 'failed', delivery: { state: 'failed', error: 'no such number' }, content_attributes: { external_error: 'no such number' } });
    expect(await report({ status: 'delivered' })).toMatchObject({ status: 'delivered', delivery: { state: 'delivered', error: null } });
    expect(await report({ status: 'sent' })).toMatchObject({ status: 'delivered' });
    expect(await report({ status: 'read' })).toMatchObject({ status: 'read' });
    expect(await report({ status: 'failed' })).toMatchObject({ status: 'read' });
    expect((await act(own, 'PATCH', String(message.id), { status: 'eaten' })).body.attributes).toEqual(['status']);
  });

  test('are for inboxes of programs', async () => {
    const own = await makeConversation(t, account, chat);
    const message = await makeMessage(t, own, agent);
    expect((await act(own, 'PATCH', String(message.id), { status: 'read' })).status).toBe(403);
  });
});

describe('a program\'s inbox', () => {
  test('takes messages in the contact\'s name', async () => {
    const own = await makeConversation(t, account, api);
    await makeMessage(t, own, agent);
    await call(t, agent, 'POST', `${own.url}/toggle_status`, { status: 'resolved' });
    const written = await makeMessage(t, own, agent, { content: 'from them', message_type: 'incoming', echo_id: 'in-1' });
    expect(written).toMatchObject({ message_type: 0, sender: { id: own.contactId, type: 'contact' }, delivery: null });
    expect((await makeMessage(t, own, agent, { content: 'from them', message_type: 'incoming', echo_id: 'in-1' })).id).toBe(written.id);
    expect((await call(t, agent, 'GET', own.url)).body).toMatchObject({ status: 'open', unread_count: 1, last_message_sender: 'contact' });
  });
});

describe('sending again', () => {
  test('is for what failed or is uncertain', async () => {
    const own = await makeConversation(t, account, api);
    const message = await makeMessage(t, own, agent);
    for (const status of [3, 6]) {
      await setStatus(message.id, status, 'no answer');
      const again = await act(own, 'POST', `${message.id}/retry`);
      expect(again.status).toBe(200);
      expect(again.body.delivery).toMatchObject({ state: expect.stringMatching(/queued|sending|sent/), error: null });
    }
    await setStatus(message.id, 1);
    expect((await act(own, 'POST', `${message.id}/retry`)).status).toBe(422);
    const note = await makeMessage(t, own, agent, { private: true });
    expect((await act(own, 'POST', `${note.id}/retry`)).status).toBe(422);
    expect((await act(own, 'POST', '999999/retry')).status).toBe(404);
  });
});
