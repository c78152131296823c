import { Injectable } from '@nestjs/common';
import { AnswerersRepository, type Answerers } from '../../inboxes/answerers.repository.js';
import { hasAnswerer } from '../../inboxes/keep-answerers.service.js';
import type { Tx } from '../../platform/database/transaction.js';
import { Status } from '../conversation-codes.js';

/** A new conversation is the program's, where one answers first in the inbox, until it hands over. */
@Injectable()
export class FirstStatus {
  constructor(private readonly answerers: AnswerersRepository) {}

  /** `known` is what was read of the inbox. Where a program has it, it is asked again and held: one that goes meanwhile would not learn of this conversation, and nobody would answer. */
  async of(tx: Tx, inboxId: number, known: Answerers): Promise<number> {
    if (!hasAnswerer(known)) return Status.open;
    return this.again(tx, inboxId);
  }

  /** The same for a resolved one in which the contact goes on. */
  async again(tx: Tx, inboxId: number): Promise<number> {
    const held = await this.answerers.hold(tx, inboxId);
    return held && hasAnswerer(held) ? Status.pending : Status.open;
  }
}
