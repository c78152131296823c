import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

/** A message that asks something. */
export interface Question { conversationId: number; messageId: number; attributes: Record<string, unknown> }

/** A kind of question with an answer of its own shape. */
export interface QuestionKind {
  /** Checks and keeps the answer; what it answers is shown with the message. Throws a Problem for what it does not take. */
  take(tx: Tx, question: Question, submitted: unknown): Promise<unknown>;
}

/** Who takes the answers to messages of which content type. */
@Injectable()
export class QuestionKinds {
  private readonly kinds = new Map<string, QuestionKind>();

  add(contentType: string, kind: QuestionKind): void {
    this.kinds.set(contentType, kind);
  }

  of(contentType: string): QuestionKind | undefined {
    return this.kinds.get(contentType);
  }
}
