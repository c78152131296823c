import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Pushes, type Frame, type RealtimeSource } from '../realtime/realtime-source.js';
import type { ChangedKey } from './conversation.events.js';
import type { WireConversation } from './queries/conversation.dto.js';
import { ConversationPresenter, type ShownMessage } from './queries/conversation.presenter.js';
import { ConversationReader, type HydratedConversation } from './queries/conversation-reader.js';
import { pushedConversation, pushedToContact } from './queries/pushed-conversation.js';

type Pushed = 'conversation.created' | 'conversation.updated' | 'conversation.status_changed' | 'conversation.read' | 'assignee.changed' | 'team.changed' | 'conversation.deleted';

type Told = Exclude<StoredEvent<Pushed>, StoredEvent<'conversation.deleted'>>;

const TOLD_TO_CONTACTS = new Set(['conversation.created', 'conversation.updated', 'conversation.status_changed']);
const STATUS_KEYS = ['status', 'snoozed_until', 'waiting_since', 'unread_count', 'unread_count_exact'] as const;
const AGENT_READ_KEYS = ['agent_last_seen_at', 'assignee_last_seen_at', 'unread_count', 'unread_count_exact'] as const;

/** Tells agents what changed about conversations, in the keys and shape they fetched them with, and contacts what concerns them. */
@Injectable()
@Pushes('conversation.created', 'conversation.updated', 'conversation.status_changed', 'conversation.read', 'assignee.changed', 'team.changed', 'conversation.deleted')
export class ConversationsRealtime implements RealtimeSource<Pushed> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly reader: ConversationReader, private readonly presenter: ConversationPresenter) {}

  frames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return this.present(account, events, 'last', framesOf);
  }

  /** Chatwoot's clients are told whole conversations. They know of none that is deleted. */
  cableFrames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return this.present(account, events.filter((event) => event.type !== 'conversation.deleted'), 'said', cableFramesOf);
  }

  private async present(account: number, events: StoredEvent<Pushed>[], message: ShownMessage, framesOf: (event: Told, row: HydratedConversation, wire: WireConversation) => Frame[]): Promise<Map<number, Frame[]>> {
    const ids = [...new Set(events.filter((event) => event.type !== 'conversation.deleted').map((event) => event.conversation_id!))];
    const [rows, shown] = await this.unitOfWork.run(accountId(account), async (tx) => {
      const found = await this.reader.byIds(tx, ids);
      return [found, await this.presenter.list(tx, found, message)] as const;
    });
    const byId = new Map(rows.map((row, n) => [row.id, { row, wire: shown[n]! }]));
    return new Map(events.flatMap((event): [number, Frame[]][] => {
      if (event.type === 'conversation.deleted') return [[event.id, [gone(event)]]];
      const found = byId.get(event.conversation_id!);
      return found ? [[event.id, framesOf(event, found.row, found.wire)]] : [];
    }));
  }
}

function gone(event: StoredEvent<'conversation.deleted'>): Frame {
  const { display_id: id, inbox_id } = event.payload;
  return { audience: { to: 'inbox', inboxId: inbox_id }, event: event.type, data: { id, inbox_id, updated_at: event.created_at.getTime() / 1000, changes: {} } };
}

/** `conversation.read` means the contact there. */
function cableFramesOf(event: Told, row: HydratedConversation, wire: WireConversation): Frame[] {
  const name = event.type === 'conversation.read' && event.payload.by === 'agent' ? 'conversation.updated' : event.type;
  const frames: Frame[] = [{ audience: { to: 'inbox', inboxId: row.inbox_id }, event: name, data: pushedConversation(row, wire) }];
  if (TOLD_TO_CONTACTS.has(name)) frames.push({ audience: { to: 'visitor', contactInboxId: row.contact_inbox_id }, event: name, data: pushedToContact(row, wire) });
  return frames;
}

function framesOf(event: Told, row: HydratedConversation, wire: WireConversation): Frame[] {
  const audience = { to: 'inbox', inboxId: row.inbox_id } as const;
  if (event.type === 'conversation.created') return [{ audience, event: event.type, data: wire }];
  const changed: Frame = { audience, event: event.type, data: { id: wire.id, inbox_id: wire.inbox_id, updated_at: wire.updated_at, changes: changesOf(event, wire) } };
  const toVisitor = visitorData(event, wire);
  return toVisitor ? [changed, { audience: { to: 'visitor', contactInboxId: row.contact_inbox_id }, event: event.type, data: toVisitor }] : [changed];
}

function changesOf(event: Exclude<StoredEvent<Pushed>, StoredEvent<'conversation.deleted' | 'conversation.created'>>, wire: WireConversation): object {
  switch (event.type) {
    case 'conversation.status_changed': return pick(wire, STATUS_KEYS);
    case 'conversation.read': return event.payload.by === 'agent' ? pick(wire, AGENT_READ_KEYS) : pick(wire, ['contact_last_seen_at']);
    case 'assignee.changed': return { meta: { assignee: wire.meta.assignee ?? null, assignee_type: wire.meta.assignee_type ?? null } };
    case 'team.changed': return { meta: { team: wire.meta.team ?? null } };
    case 'conversation.updated': return updatedKeys(event.payload.changed, wire);
  }
}

function updatedKeys(changed: ChangedKey[], wire: WireConversation): object {
  const keys = changed.filter((key) => key !== 'meta.sender');
  return {
    ...pick(wire, keys), ...(keys.includes('unread_count') && { unread_count_exact: wire.unread_count_exact }),
    ...(changed.includes('meta.sender') && { meta: { sender: wire.meta.sender } }),
  };
}

/** What of it the contact may know. */
function visitorData(event: StoredEvent<Pushed>, wire: WireConversation): object | undefined {
  if (event.type === 'conversation.status_changed') return { id: wire.id, status: wire.status };
  if (event.type === 'conversation.read' && event.payload.by === 'agent') return { id: wire.id, agent_last_seen_at: wire.agent_last_seen_at };
  return undefined;
}

const pick = <K extends keyof WireConversation>(wire: WireConversation, keys: readonly K[]): Partial<WireConversation> =>
  Object.fromEntries(keys.map((key) => [key, wire[key]])) as Partial<WireConversation>;
