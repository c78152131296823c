import { Injectable } from '@nestjs/common';
import { RealtimeRepository, type ConversationPlace } from './realtime.repository.js';
import { ShortMemory } from './short-memory.js';

/** Where a conversation belongs, remembered for half a minute: a person who types asks with every few keys. */
@Injectable()
export class ConversationPlaces {
  private readonly memory = new ShortMemory<ConversationPlace | undefined>(30_000);
  private readonly visitors = new ShortMemory<ConversationPlace | undefined>(5_000);

  constructor(private readonly repository: RealtimeRepository) {}

  byDisplayId(accountId: number, displayId: number): Promise<ConversationPlace | undefined> {
    return this.memory.get(`${accountId}/${displayId}`, () => this.repository.conversation(accountId, displayId));
  }

  ofVisitor(accountId: number, contactInboxId: number): Promise<ConversationPlace | undefined> {
    return this.visitors.get(`${accountId}/${contactInboxId}`, () => this.repository.conversationOfVisitor(accountId, contactInboxId));
  }
}
