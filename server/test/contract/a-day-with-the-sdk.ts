import { expect } from '@jest/globals';
import sdk from '@figuro/chatwoot-sdk';
import { unique } from '../factories.js';
import { misfits } from './shapes.js';
import type { World } from './world.js';

/** The package's types are of an older Chatwoot. */
type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- as said
// A CommonJS package whose export is called `default`.
const ChatwootClient = sdk.default;

const clientOf = (w: World, token: string): InstanceType<typeof ChatwootClient> => new ChatwootClient({ config: { basePath: w.t.url, with_credentials: true, credentials: 'include', token } });
const refusal = (call: Promise<unknown>): Promise<number> => call.then(() => 200, (error: { status: number }) => error.status);

/** The npm client made for Chatwoot, pointed at our address, through a day's work. It sends its token in two headers, asks with trailing slashes and posts messages as forms. */
export async function aDayWithTheSdk(w: World, exists: (operation: string) => boolean): Promise<number> {
  const accountId = w.account.id;
  const client = clientOf(w, w.account.admin.token) as Any;
  let calls = 0;
  const did = async <T = Any>(work: Promise<unknown>, shape?: string): Promise<T> => {
    calls += 1;
    const answer = await work;
    if (shape) expect(misfits(shape, answer)).toEqual([]);
    return answer as T;
  };

  // In the morning: who am I, who is here, where do people write.
  expect((await did(client.profile.profile(), '@user')).email).toBe(w.account.admin.email);
  const [agent, inbox] = [
    await did(client.agents.create({ accountId, data: { name: 'Ruth', email: `ruth-${unique()}@example.org`, role: 'agent' } }), '@agent'),
    await did(client.inboxes.create({ accountId, data: { name: 'Website', channel: { type: 'web_widget', website_url: 'https://example.org', welcome_title: 'Hello', widget_color: '#336699' } } }), '@inbox'),
  ];
  await did(client.agents.update({ accountId, id: agent.id, data: { role: 'agent', auto_offline: false } }), '@agent');
  expect((await did(client.agents.list({ accountId }), '[@agent]')).find((one: Any) => one.id === agent.id).auto_offline).toBe(false);
  await did(client.inboxes.update({ accountId, id: inbox.id, data: { name: 'Our website', enable_auto_assignment: false, channel: { welcome_tagline: 'We answer' } } }), '@inbox');
  expect(await did(client.inboxes.get({ accountId, id: inbox.id }), '@inbox')).toMatchObject({ name: 'Our website', enable_auto_assignment: false, welcome_tagline: 'We answer', welcome_title: 'Hello' });
  await did(client.inboxes.addAgent({ accountId, data: { inbox_id: String(inbox.id), user_ids: [agent.id] } }), '@agents');
  await did(client.inboxes.updateAgentsInInbox({ accountId, data: { inbox_id: String(inbox.id), user_ids: [agent.id, w.account.admin.id] } }), '@agents');
  expect((await did(client.inboxes.listAgents({ accountId, inboxId: inbox.id }), '@agents')).payload).toHaveLength(2);
  const team = await did(client.teams.create({ accountId, data: { name: `day ${unique()}`, description: 'By day', allow_auto_assign: false } }), '@team');
  expect((await did(client.teams.update({ accountId, teamId: team.id, data: { description: 'All day' } }), '@team')).description).toBe('All day');
  await did(client.teams.list({ accountId }), '[@team]');
  const canned = await did(client.cannedResponses.create({ accountId, data: { short_code: `hours-${unique()}`, content: 'Nine to six.' } }), '@canned');
  await did(client.cannedResponses.update({ accountId, id: canned.id, data: { content: 'Nine to five.' } }), '@canned');
  const attribute = await did(client.customAttributes.create({ accountId, data: { attribute_display_name: 'Plan', attribute_display_type: 0, attribute_description: 'Plan', attribute_key: `plan_${unique()}`, attribute_model: 1 } }), '@attribute');
  expect((await did(client.customAttributes.list({ accountId, attributeModel: '1' }), '[@attribute]')).map((one: Any) => one.id)).toContain(attribute.id);
  const webhook = (await did(client.webhooks.create({ accountId, data: { url: `https://hooks.example.org/${unique()}`, subscriptions: ['message_created', 'conversation_created'] } }), '@oneWebhook')).payload.webhook;
  await did(client.webhooks.update({ accountId, webhookId: webhook.id, data: { url: webhook.url, subscriptions: ['message_created'] } }), '@oneWebhook');
  expect((await did(client.webhooks.list({ accountId }), '@webhooks')).payload.webhooks.find((one: Any) => one.id === webhook.id).subscriptions).toEqual(['message_created']);

  // Somebody is entered by hand, and written to.
  const made = await did(client.contacts.create({ accountId, data: { name: 'Vera', email: `vera-${unique()}@example.org`, inbox_id: w.inbox.id, custom_attributes: { [attribute.attribute_key]: 'gold' } } as Any }), '@madeContact');
  const contact = made.payload.contact;
  await did(client.contacts.update({ accountId, id: contact.id, data: { name: 'Vera R.' } as Any }), '@oneContact');
  expect((await did(client.contacts.get({ accountId, id: contact.id }), '@oneContact')).payload.name).toBe('Vera R.');
  expect((await did(client.contacts.search({ accountId, q: 'vera r', sort: '-last_activity_at', page: 1 }), '@foundContacts')).payload.map((one: Any) => one.id)).toContain(contact.id);
  await did(client.contacts.list({ accountId, sort: 'name', page: 1 }), '@contacts');
  await did(client.contacts.filter({ accountId, payload: [{ attribute_key: 'name', filter_operator: 'equal_to', values: ['Vera R.'] }], page: 1 }), '@contacts');
  expect((await did(client.contact.getContactable({ accountId, id: contact.id }), '@contactable')).payload.length).toBeGreaterThan(0);
  const conversation = await did(client.conversations.create({ accountId, data: { source_id: made.payload.contact_inbox.source_id, inbox_id: String(w.inbox.id), contact_id: String(contact.id), status: 'open' } }), '@conversation');
  const there = { accountId, conversationId: conversation.id };

  // A conversation: text, a note, a file; labels, people, and its end.
  const message = await did(client.messages.create({ ...there, data: { content: 'Good morning' } }), '@message');
  expect(message).toMatchObject({ content: 'Good morning', message_type: 1, private: false, sender: { id: w.account.admin.id } });
  expect((await did(client.messages.create({ ...there, data: { content: 'Knows Ada', private: true } }), '@message')).private).toBe(true);
  const asked = await did(client.messages.create({ ...there, data: { content: 'Which?', content_type: 'input_select', content_attributes: { items: [{ title: 'One', value: '1' }] } } }), '@message');
  expect(asked).toMatchObject({ content_type: 'input_select', content_attributes: { items: [{ title: 'One', value: '1' }] } });
  const file = await did(client.messages.create({ ...there, data: { content: 'The list', attachments: [{ content: 'a,b\n1,2\n', encoding: 'utf8', filename: 'list.csv' }] } }), '@message');
  expect(file.attachments).toEqual([expect.objectContaining({ file_type: 'file', extension: 'csv', file_size: 8 })]);
  expect((await did(client.messages.list(there), '@thread')).payload.filter((one: Any) => one.message_type === 1)).toHaveLength(4);
  expect((await did(client.messages.delete({ ...there, messageId: message.id }), '@message')).content_attributes.deleted).toBe(true);
  expect((await did(client.conversationLabels.add({ ...there, data: { labels: ['day', 'new'] } }), '@titles')).payload.sort()).toEqual(['day', 'new']);
  await did(client.conversationLabels.list(there), '@titles');
  await did(client.conversationAssignment.assign({ ...there, data: { assignee_id: w.account.admin.id } }), '@agent');
  await did(client.conversationAssignment.assign({ ...there, data: { team_id: team.id } }));
  expect(await did(client.conversations.get(there), '@conversation')).toMatchObject({ labels: ['day', 'new'], meta: { assignee: { id: w.account.admin.id }, team: { id: team.id } } });
  expect((await did(client.conversations.list({ accountId, assigneeType: 'me', status: 'open', labels: ['day'], teamId: team.id, page: 1 }), '@listed')).data.payload.map((one: Any) => one.id)).toEqual([conversation.id]);
  expect((await did(client.conversations.getMeta({ accountId, status: 'open', labels: ['day', 'new'], inboxId: w.inbox.id }), '@countsMeta')).meta.all_count).toBe(1);
  expect((await did(client.conversations.filter({ accountId, payload: [{ attribute_key: 'labels', filter_operator: 'equal_to', values: ['day'], query_operator: 'AND' }, { attribute_key: 'status', filter_operator: 'equal_to', values: ['open'] }], page: 1 }), '@filtered')).payload).toHaveLength(1);
  expect((await did(client.conversations.toggleStatus({ ...there, data: { status: 'resolved' } }), '@toggled')).payload.current_status).toBe('resolved');
  expect((await did(client.contacts.listConversations({ accountId, id: contact.id }), '@conversationsOfContact')).payload[0].status).toBe('resolved');

  // Rules, views, bots, and the person's own client.
  const rule = await did(client.automationRule.create({ accountId, data: { name: 'Greet', description: 'x', event_name: 'conversation_created', active: false, actions: [{ action_name: 'add_label', action_params: ['new'] }], conditions: [{ attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: null }] } as Any }), '@rule');
  await did(client.automationRule.get({ accountId, id: rule.id }), '@oneRule');
  const view = await did(client.customFilters.create({ accountId, filterType: 'conversation', data: { name: 'Mine', type: 'conversation', query: { payload: [] } } as Any }), '@filter');
  expect((await did(client.customFilters.list({ accountId, filterType: 'conversation' }), '[@filter]')).map((one: Any) => one.id)).toContain(view.id);
  const bot = await did(client.accountAgentBots.create({ accountId, data: { name: 'Answering machine', description: 'x', outgoing_url: '' } }), '@bot');
  await did(client.inboxes.updateAgentBot({ accountId, id: inbox.id, data: { agent_bot: bot.id } }));
  expect((await did(client.inboxes.getAgentBot({ accountId, id: inbox.id }), '@inboxBot')).agent_bot.id).toBe(bot.id);
  const visitor = await did(client.client.contacts.create({ inboxIdentifier: w.inbox.inbox_identifier, data: { name: 'Zoe' } }), '@publicContact');
  const own = await did(client.client.conversations.create({ inboxIdentifier: w.inbox.inbox_identifier, contactIdentifier: visitor.source_id }), '@publicConversation');
  await did(client.client.messages.create({ inboxIdentifier: w.inbox.inbox_identifier, contactIdentifier: visitor.source_id, conversationId: own.id, data: { content: 'Hi' } }), '@publicMessage');
  if (exists('GET /api/v2/accounts/{account_id}/reports/summary')) {
    const [since, until] = [String(Math.floor(w.t.clock.now() / 1000) - 86_400), String(Math.floor(w.t.clock.now() / 1000) + 60)];
    await did(client.reports.listSummaries({ accountId, type: 'account', since, until }), '@summary');
    await did(client.reports.list({ accountId, metric: 'conversations_count', type: 'account', since, until }), '[@point]');
    await did(client.reports.getMetrics({ accountId, type: 'account' }), '@liveConversations');
    await did(client.reports.getAgentMetrics({ accountId, type: 'agent' }), '[@liveAgent]');
  }

  // In the evening: tidying up, and what may not be done.
  const agentsClient = clientOf(w, w.agent.token) as Any;
  expect(await refusal(agentsClient.webhooks.list({ accountId }))).toBe(401);
  expect(await refusal((clientOf(w, 'nonsense') as Any).profile.profile())).toBe(401);
  expect(await refusal(client.conversations.get({ accountId, conversationId: 999_999 }))).toBe(404);
  for (const gone of [
    client.webhooks.delete({ accountId, webhookId: webhook.id }), client.automationRule.delete({ accountId, id: rule.id }), client.customFilters.delete({ accountId, customFilterId: view.id }),
    client.customAttributes.delete({ accountId, id: attribute.id }), client.cannedResponses.delete({ accountId, id: canned.id }), client.teams.delete({ accountId, teamId: team.id }),
    client.accountAgentBots.delete({ accountId, id: bot.id }), client.agents.delete({ accountId, id: agent.id }), client.contacts.delete({ accountId, id: contact.id }),
  ]) await did(gone);
  expect(await refusal(client.contacts.get({ accountId, id: contact.id }))).toBe(404);
  return calls;
}
