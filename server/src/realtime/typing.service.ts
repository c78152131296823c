import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { PeopleDirectory } from './people-directory.js';
import { RealtimeRepository, type ConversationPlace } from './realtime.repository.js';
import { rooms } from './rooms.js';
import { ShortMemory } from './short-memory.js';
import { SocketServer } from './socket-server.js';

/** Without another sign, typing has ended. */
const EXPIRES_MS = 30_000;

/** Who types: a member of the account, or the contact of the conversation. */
export type Typist = { userId: number; isPrivate: boolean } | { contact: true };

/** Somebody began or ended to type, as shown to agents of the inbox. */
export interface ShownTyping { accountId: number; conversation: ConversationPlace; event: 'conversation.typing_on' | 'conversation.typing_off'; user: object; /** The typist among the people of the account. */ userId?: number; isPrivate: boolean }

/** Shows who types to those who may know: agents of the inbox, and the visitor unless it is a private note. */
@Injectable()
export class Typing implements BeforeApplicationShutdown {
  private readonly running = new Map<string, NodeJS.Timeout>();
  private readonly contactNames = new ShortMemory<string>(30_000);

  private readonly listeners: ((shown: ShownTyping) => void)[] = [];

  constructor(private readonly sockets: SocketServer, private readonly people: PeopleDirectory, private readonly repository: RealtimeRepository) {}

  /** Shows that somebody types or has stopped. The caller has checked that they may. */
  async set(accountId: number, conversation: ConversationPlace, typist: Typist, on: boolean): Promise<void> {
    const key = `${accountId}/${conversation.id}/${'userId' in typist ? `${typist.userId}/${typist.isPrivate}` : 'contact'}`;
    clearTimeout(this.running.get(key));
    this.running.delete(key);
    if (on) {
      this.running.set(key, setTimeout(() => {
        this.running.delete(key);
        void this.show(accountId, conversation, typist, false).catch(() => undefined);
      }, EXPIRES_MS));
    }
    await this.show(accountId, conversation, typist, on);
  }

  /** Calls back with what is shown, in the process that shows it. */
  onShown(listener: (shown: ShownTyping) => void): void {
    this.listeners.push(listener);
  }

  private tell(shown: ShownTyping): void {
    for (const listener of this.listeners) listener(shown);
  }

  private async show(accountId: number, conversation: ConversationPlace, typist: Typist, on: boolean): Promise<void> {
    const event = on ? 'conversation.typing_on' : 'conversation.typing_off';
    const agents = [rooms.administrators(accountId), rooms.inbox(accountId, conversation.inboxId)];
    const frame = (user: object, isPrivate: boolean): object => ({ event, account_id: accountId, data: { conversation_id: conversation.displayId, user, is_private: isPrivate } });
    if (!('userId' in typist)) {
      const name = await this.contactNames.get(`${accountId}/${conversation.contactId}`, () => this.repository.contactName(accountId, conversation.contactId));
      const contact = { id: conversation.contactId, name, thumbnail: '', type: 'contact' };
      this.sockets.agents.to(agents).emit('event', frame(contact, false));
      this.tell({ accountId, conversation, event, user: contact, isPrivate: false });
      return;
    }
    const row = (await this.people.of(accountId)).get(typist.userId);
    if (!row) return;
    const person = this.people.present(row, true);
    this.sockets.agents.to(agents).except(rooms.user(accountId, typist.userId)).emit('event', frame(person, typist.isPrivate));
    this.tell({ accountId, conversation, event, user: person, userId: typist.userId, isPrivate: typist.isPrivate });
    if (typist.isPrivate) return;
    this.sockets.visitors.to(rooms.visitor(accountId, conversation.contactInboxId)).emit('event', { event, data: { user: person } });
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.running.values()) clearTimeout(timer);
  }
}
