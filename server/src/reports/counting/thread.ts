import { MessageType, SenderType, Status } from '../../conversations/conversation-codes.js';
import { openSecondsBetween, type OfficeHours } from '../../inboxes/working-hours.js';
import { slotOf, type Counted } from './tally.js';
import { tallyOf, type ReportingEvent, type ReportingEventName } from './reporting-event.js';

/** What of a message matters for counting; `at` in milliseconds. */
export interface ThreadMessage {
  id: number; at: number; message_type: number; sender_type: number; sender_id: number | null; private: boolean; automatic: boolean;
  activity: string | null; assignee: { from: number | null; to: number | null } | null;
}

/** Where a conversation stands after the messages read so far. Stored as JSON; times in milliseconds. */
export interface ThreadState {
  status: number; assignee: number | null; waiting: number | null; answered: boolean; handedOver: boolean; resolvedAt: number | null;
  /** Since when a person's first answer is waited for: the creation, or when a bot was done with it. */
  since: number;
}

/** What the conversation is in. */
export interface ThreadSetting { createdAt: number; isBotInbox: boolean; isBlocked: boolean; hours: OfficeHours }

/** Reads a conversation's thread in its order and tells what is to be counted: the same messages always give the same. */
export class Thread {
  readonly events: ReportingEvent[] = [];
  readonly counted: Counted[] = [];

  constructor(readonly state: ThreadState, private readonly setting: ThreadSetting) {}

  /** A conversation of which nothing has been read. */
  static start(setting: ThreadSetting, assignee: number | null): ThreadState {
    return { status: setting.isBotInbox ? Status.pending : Status.open, assignee, waiting: null, answered: false, handedOver: false, resolvedAt: null, since: setting.createdAt };
  }

  read(message: ThreadMessage): void {
    if (message.message_type === MessageType.activity) this.readLine(message);
    else if (message.message_type === MessageType.incoming) this.readIncoming(message);
    else if (message.message_type === MessageType.outgoing && !message.private) this.readOutgoing(message);
  }

  private readLine(line: ThreadMessage): void {
    if (line.assignee) this.state.assignee = line.assignee.to;
    if (line.activity === 'status_resolved' || line.activity === 'auto_resolved') this.resolve(line);
    else if (line.activity === 'status_open' || line.activity === 'snooze_ended') this.open(line);
    else if (line.activity === 'status_pending') this.state.status = Status.pending;
    else if (line.activity === 'status_snoozed') this.state.status = Status.snoozed;
  }

  private resolve(line: ThreadMessage): void {
    this.happened('conversation_resolved', line, this.setting.createdAt, this.state.assignee);
    if (this.setting.isBotInbox && !this.state.answered) {
      this.happened('conversation_bot_resolved', line, this.setting.createdAt, this.state.assignee);
      this.state.since = line.at;
    }
    Object.assign(this.state, { status: Status.resolved, resolvedAt: line.at, waiting: null } satisfies Partial<ThreadState>);
  }

  private open(by: ThreadMessage): void {
    const { status, resolvedAt } = this.state;
    if (status === Status.open) return;
    if (status === Status.pending && this.setting.isBotInbox && !this.state.handedOver) {
      this.happened('conversation_bot_handoff', by, this.setting.createdAt, this.state.assignee);
      this.state.handedOver = true;
    }
    this.happened('conversation_opened', by, resolvedAt ?? by.at, this.state.assignee);
    Object.assign(this.state, { status: Status.open, since: by.at } satisfies Partial<ThreadState>);
  }

  private readIncoming(message: ThreadMessage): void {
    this.counted.push({ slot: slotOf(new Date(message.at)), tally: { incoming_messages: 1 }, agentId: this.state.assignee });
    // Whom nobody wants to hear, and what a machine answers, wakes nobody.
    if (this.setting.isBlocked || message.automatic) return;
    if (this.state.status === Status.resolved && this.setting.isBotInbox) this.state.status = Status.pending;
    else if (this.state.status !== Status.pending) this.open(message);
    this.state.waiting ??= message.at;
  }

  private readOutgoing(message: ThreadMessage): void {
    const isPerson = message.sender_type === SenderType.user && !message.automatic;
    this.counted.push({ slot: slotOf(new Date(message.at)), tally: { outgoing_messages: 1 }, agentId: isPerson ? message.sender_id : null });
    if (isPerson && !this.state.answered) {
      this.happened('first_response', message, this.state.since, message.sender_id);
      this.state.answered = true;
    } else if (isPerson && this.state.waiting !== null) this.happened('reply_time', message, this.state.waiting, this.state.assignee ?? message.sender_id);
    // What an inbox says by itself answers nobody; a bot does.
    if (isPerson || message.sender_type === SenderType.bot) this.state.waiting = null;
  }

  private happened(name: ReportingEventName, by: ThreadMessage, from: number, userId: number | null): void {
    const [start, end] = [new Date(Math.min(from, by.at)), new Date(by.at)];
    const event: ReportingEvent = {
      name, messageId: by.id, userId, start, end, value: Math.floor((end.getTime() - start.getTime()) / 1000), valueInBusinessHours: openSecondsBetween(this.setting.hours, start, end),
    };
    this.events.push(event);
    this.counted.push({ slot: slotOf(end), tally: tallyOf(event), agentId: userId });
  }
}
