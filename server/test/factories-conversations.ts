import { expect } from '@jest/globals';
import { IngestPort, type IngestedMessage } from '../src/channels/contract/ports.js';
import type { InboundMessage } from '../src/channels/contract/inbound-event.js';
import { unique, type AccountWithAdmin, type Person } from './factories.js';
import type { MadeInbox } from './factories-inboxes.js';
import { call } from './http.js';
import type { TestApp } from './test-app.js';

export interface MadeConversation extends IngestedMessage { /** The number on the wire. */ id: number; sourceId: string; url: string }

/** A message of a visitor, as a channel hands it in. Without a sender it is somebody new. */
export function inbound(overrides: Partial<InboundMessage> & { sourceId?: string } = {}): InboundMessage {
  const { sourceId, ...rest } = overrides;
  return {
    kind: 'message_received', externalId: `ext-${unique()}`, content: 'Hello, are you open today?', attachments: [],
    ...rest, sender: rest.sender ?? { sourceId: sourceId ?? `src-${unique()}`, name: `Visitor ${unique()}` },
  };
}

/** A visitor writes; answers what became of it. */
export const ingest = (t: TestApp, account: AccountWithAdmin, inbox: MadeInbox, message: InboundMessage): Promise<IngestedMessage> =>
  t.app.get(IngestPort).ingest({ accountId: account.id, id: inbox.id }, message);

/** An open conversation that begins with a visitor's message. */
export async function makeConversation(t: TestApp, account: AccountWithAdmin, inbox: MadeInbox, overrides: Partial<InboundMessage> = {}): Promise<MadeConversation> {
  const message = inbound(overrides);
  const made = await ingest(t, account, inbox, message);
  return { ...made, id: made.conversationDisplayId, sourceId: message.sender.sourceId, url: `/api/v1/accounts/${account.id}/conversations/${made.conversationDisplayId}` };
}

/** A message of an agent. */
export async function makeMessage(t: TestApp, conversation: MadeConversation, who: Person, body: object = {}): Promise<{ id: number; [key: string]: unknown }> {
  const made = await call(t, who, 'POST', `${conversation.url}/messages`, { content: `Reply ${unique()}`, ...body });
  expect(made.status).toBe(200);
  return made.body;
}
