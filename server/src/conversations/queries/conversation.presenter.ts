import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../../channels/contract/channel-registry.js';
import { ContactPresenter } from '../../contacts/contact.presenter.js';
import { PeoplePresence } from '../../identity/users/people-presence.js';
import { AgentPresenter } from '../../identity/agents/agent.presenter.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Avatars } from '../../platform/storage/avatars.js';
import { LAST_SENDERS, MessageType, PRIORITIES, secondsOf, STATUSES } from '../conversation-codes.js';
import { MessagePresenter } from '../messages/message.presenter.js';
import { MessagesRepository, type MessageRow } from '../messages/messages.repository.js';
import type { AssignedBot, WireConversation } from './conversation.dto.js';
import { canReply } from './reply-window.js';
import type { HoldingBotRow, HydratedConversation } from './conversation-reader.js';

/** Which message a conversation shows: its last one, or the last that was said between the contact and us, without notes and activity lines. */
export type ShownMessage = 'last' | 'said';

/** Shows conversations, in Chatwoot's `conversation` shape. */
@Injectable()
export class ConversationPresenter {
  constructor(
    private readonly messages: MessagesRepository, private readonly messagePresenter: MessagePresenter, private readonly agents: AgentPresenter,
    private readonly contacts: ContactPresenter, private readonly presence: PeoplePresence, private readonly channels: ChannelRegistry,
    private readonly clock: Clock, private readonly avatars: Avatars,
  ) {}

  /** Loads the last messages of these conversations in one statement and presents each with them. */
  async list(tx: Tx, rows: HydratedConversation[], shown: ShownMessage = 'last'): Promise<WireConversation[]> {
    const messages = await this.messages.listed(tx, rows.flatMap((row) => [...new Set([row.last_message_id, row.last_public_message_id])]
      .filter((id) => id !== null).map((id) => ({ conversationId: row.id, id }))));
    const byId = new Map(messages.map((message) => [message.id, message]));
    const here = await this.presentPeople(tx.accountId, rows, messages);
    return rows.map((row) => this.present(row, byId, here, shown));
  }

  async one(tx: Tx, row: HydratedConversation, shown: ShownMessage = 'last'): Promise<WireConversation> {
    return (await this.list(tx, [row], shown))[0]!;
  }

  /** What stands above a thread. Its two times are ISO text, as Chatwoot has them. */
  async threadMeta(row: HydratedConversation): Promise<{
    labels: string[]; additional_attributes: Record<string, unknown>; contact: Record<string, unknown>; assignee?: Record<string, unknown>;
    agent_last_seen_at: string | null; assignee_last_seen_at: string | null;
  }> {
    const assignee = row.assignee ? (await this.agents.list(row.account_id, [row.assignee]))[0] : undefined;
    return {
      labels: row.labels ?? [], additional_attributes: row.additional_attributes ?? {}, contact: { ...this.contacts.present(row.contact), type: 'contact' },
      ...(assignee && { assignee: { ...assignee, avatar_url: assignee.thumbnail, type: 'user' } }),
      agent_last_seen_at: row.agent_last_seen_at?.toISOString() ?? null, assignee_last_seen_at: row.assignee_last_seen_at?.toISOString() ?? null,
    };
  }

  private present(row: HydratedConversation, messages: Map<number, MessageRow>, here: Set<number>, shown: ShownMessage): WireConversation {
    const last = row.last_message_id === null ? undefined : messages.get(row.last_message_id);
    const said = row.last_public_message_id === null ? undefined : messages.get(row.last_public_message_id);
    const spoken = last && last.message_type !== MessageType.activity ? last : said;
    const message = shown === 'said' ? said : last;
    return {
      id: row.display_id, uuid: row.uuid, account_id: row.account_id, inbox_id: row.inbox_id, status: STATUSES[row.status]!, priority: PRIORITIES[row.priority] ?? null,
      labels: row.labels ?? [], muted: row.contact.blocked, can_reply: canReply(row, this.clock.now()), unread_count: Math.min(row.unread_count, 10), unread_count_exact: row.unread_count,
      snoozed_until: row.snoozed_until?.toISOString() ?? null, additional_attributes: row.additional_attributes ?? {}, custom_attributes: row.custom_attributes ?? {},
      agent_last_seen_at: secondsOf(row.agent_last_seen_at), assignee_last_seen_at: secondsOf(row.assignee_last_seen_at), contact_last_seen_at: secondsOf(row.contact_last_seen_at),
      created_at: secondsOf(row.created_at), updated_at: row.updated_at.getTime() / 1000, timestamp: secondsOf(row.last_activity_at), last_activity_at: secondsOf(row.last_activity_at),
      first_reply_created_at: secondsOf(row.first_reply_at), waiting_since: secondsOf(row.waiting_since), sla_policy_id: null,
      messages: message ? [this.messagePresenter.event(message, row, here)] : [], last_non_activity_message: spoken ? this.messagePresenter.event(spoken, row, here) : null,
      last_message_preview: row.last_message_preview, last_message_sender: LAST_SENDERS[row.last_message_sender ?? 0] ?? null,
      meta: {
        sender: this.contacts.present(row.contact), channel: this.channels.get(row.channel_type).wireType, hmac_verified: row.hmac_verified,
        ...(row.assignee && { assignee: this.agents.present(row.account_id, row.assignee, here), assignee_type: 'User' as const }),
        ...(row.bot && !row.assignee && { assignee: this.botOf(row.bot), assignee_type: 'AgentBot' as const }),
        ...(row.team && { team: row.team }),
      },
    };
  }

  private botOf({ id, name, description, avatar_key: face, bot_type: type }: HoldingBotRow): AssignedBot {
    return { id, name, description, thumbnail: this.avatars.url(face), bot_type: type, assignee_type: 'AgentBot' };
  }

  private presentPeople(accountId: number, rows: HydratedConversation[], messages: MessageRow[]): Promise<Set<number>> {
    const ids = new Set([...rows.flatMap((row) => (row.assignee ? [row.assignee.id] : [])), ...messages.flatMap((message) => (message.user ? [message.user.id] : []))]);
    return ids.size > 0 ? this.presence.present(accountId, [...ids]) : Promise.resolve(new Set());
  }
}
