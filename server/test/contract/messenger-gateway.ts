import { expect } from '@jest/globals';
import sdk from '@figuro/chatwoot-sdk';
import { call, eventually } from '../http.js';
import { WebhookReceiver, type ReceivedWebhook } from '../webhook-receiver.js';
import type { World } from './world.js';

type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the package's types are of an older Chatwoot

/**
 * A gateway between a messenger and a helpdesk, as several are made for Chatwoot: it sets up its own inbox, brings people and what they write by the API, hears answers by
 * the inbox's webhook, tells what became of them, and never meets its own messages again as answers.
 */
export async function aMessengerThroughAGateway(w: World): Promise<void> {
  const accountId = w.account.id;
  const messenger = await WebhookReceiver.start();
  try {
    const client = new sdk.default({ config: { basePath: w.t.url, with_credentials: true, credentials: 'include', token: w.account.admin.token } }) as Any;
    const inbox = await client.inboxes.create({ accountId, data: { name: 'Messenger', channel: { type: 'api', webhook_url: messenger.url } } });
    messenger.secret = (await client.inboxes.get({ accountId, id: inbox.id })).secret;
    expect((await client.inboxes.list({ accountId })).payload.find((one: Any) => one.name === 'Messenger')).toMatchObject({ id: inbox.id, channel_type: 'Channel::Api' });

    // Somebody writes for the first time: they are looked for by number, made, and found from then on.
    const number = '+4915112345678';
    const byNumber = (): Promise<Any> => client.contacts.filter({ accountId, payload: [{ attribute_key: 'phone_number', filter_operator: 'equal_to', values: [number], query_operator: null }] });
    expect((await byNumber()).payload).toEqual([]);
    const made = await client.contacts.create({ accountId, data: { inbox_id: inbox.id, name: 'Mia', phone_number: number, identifier: '4915112345678@messenger.example', avatar_url: '' } });
    const contact = made.payload.contact;
    expect((await byNumber()).payload.map((one: Any) => one.id)).toEqual([contact.id]);
    expect((await client.contacts.search({ accountId, q: number })).payload.map((one: Any) => one.id)).toEqual([contact.id]);
    expect((await client.contacts.listConversations({ accountId, id: contact.id })).payload).toEqual([]);
    const conversation = await client.conversations.create({ accountId, data: { contact_id: String(contact.id), inbox_id: String(inbox.id) } });
    const there = { accountId, conversationId: conversation.id };
    const written = await client.messages.create({ ...there, data: { content: 'Is there bread today?', message_type: 'incoming', private: false, source_id: 'M:1', content_attributes: {} } });
    expect(written).toMatchObject({ message_type: 0, source_id: 'M:1', sender: { id: contact.id, type: 'contact' } });
    const photo = await client.messages.create({ ...there, data: { content: '', message_type: 'incoming', source_id: 'M:2', attachments: [{ content: 'a picture, nearly', encoding: 'utf8', filename: 'note.txt' }] } });
    expect(photo.attachments).toHaveLength(1);

    // An agent answers; the gateway hears it with all it needs to find the person, and sends it on.
    const answered = await w.ask('POST', `conversations/${conversation.id}/messages`, { content: 'Yes, *until five*.' });
    const heard = (fits: (body: Any) => boolean): Promise<ReceivedWebhook> => eventually('the gateway hears', () => messenger.received.find(({ body }) => fits(body)));
    const { body } = await heard((one) => one.event === 'message_created' && one.id === answered.id);
    expect(body).toMatchObject({
      message_type: 'outgoing', content: 'Yes, *until five*.', private: false, inbox: { id: inbox.id, name: 'Messenger' }, account: { id: accountId }, sender: { id: w.account.admin.id, type: 'user' },
      conversation: { id: conversation.id, channel: 'Channel::Api', contact_inbox: { source_id: made.payload.contact_inbox.source_id }, meta: { sender: { id: contact.id, phone_number: number, identifier: '4915112345678@messenger.example' } } },
    });
    expect(body.conversation.messages).toEqual([expect.objectContaining({ id: answered.id })]);
    const delivered = await call(w.t, w.account.admin, 'PATCH', w.path(`conversations/${conversation.id}/messages/${answered.id}`), { status: 'delivered' });
    expect([delivered.status, delivered.body.status]).toEqual([200, 'delivered']);
    expect((await heard((one) => one.event === 'message_updated' && one.id === answered.id)).body.conversation.id).toBe(conversation.id);
    // Whose token it has is told of what the contact wrote like any assignee: it is not their own word.
    await w.ask('POST', `conversations/${conversation.id}/assignments`, { assignee_id: w.account.admin.id });
    await client.messages.create({ ...there, data: { content: 'Thanks!', message_type: 'incoming' } });
    await eventually('the owner of the token is told', async () => (await w.ask('GET', 'notifications?includes[]=read')).data.payload.find(
      (one: Any) => one.notification_type === 'assigned_conversation_new_message' && one.primary_actor.id === conversation.id && one.push_message_body === 'Mia: Thanks!'));
    // What it brought itself is told, too, and known by its own id.
    expect((await heard((one) => one.event === 'message_created' && one.id === written.id)).body).toMatchObject({ message_type: 'incoming', source_id: 'M:1' });

    expect((await w.ask('GET', 'webhooks')).payload.webhooks.filter((one: Any) => one.url === messenger.url)).toEqual([]);
    expect(messenger.received.filter((one) => one.body.event === 'message_created' && one.body.id === answered.id)).toHaveLength(1);

    // What was sent from the person's own phone by the team is entered as an answer, and not sent again by us.
    const echo = await client.messages.create({ ...there, data: { content: 'Sent from the shop\'s phone', message_type: 'outgoing', source_id: 'M:3' } });
    expect((await heard((one) => one.event === 'message_created' && one.id === echo.id)).body.source_id).toBe('M:3');
    expect((await client.conversations.toggleStatus({ ...there, data: { status: 'resolved' } })).payload.current_status).toBe('resolved');
    expect((await heard((one) => one.event === 'conversation_status_changed' && one.status === 'resolved')).body).toMatchObject({ id: conversation.id, meta: { sender: { phone_number: number } } });
    await client.messages.create({ ...there, data: { content: 'And tomorrow?', message_type: 'incoming', source_id: 'M:4' } });
    expect((await client.conversations.get(there)).status).toBe('open');
    // Where a bot answers first, what was resolved is its again.
    await w.ask('POST', `inboxes/${inbox.id}/set_agent_bot`, { agent_bot: (await w.ask('POST', 'agent_bots', { name: 'Robin' })).id });
    await client.conversations.toggleStatus({ ...there, data: { status: 'resolved' } });
    await client.messages.create({ ...there, data: { content: 'And the day after?', message_type: 'incoming', source_id: 'M:5' } });
    expect((await client.conversations.get(there)).status).toBe('pending');
    expect(messenger.forged).toEqual([]);
  } finally {
    await messenger.stop();
  }
}
