import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { AnswerersRepository, type Answerers } from './answerers.repository.js';
import './inbox.events.js';

/** Whether somebody else than people answers first. */
export const hasAnswerer = (inbox: Answerers): boolean => inbox.agent_bot_id !== null || inbox.has_answering_hook;

/** Notes in an inbox which programs answer first there. When the last one goes, an event says so: who waits for it is for people. */
@Injectable()
export class KeepAnswerers {
  constructor(private readonly answerers: AnswerersRepository, private readonly events: Events) {}

  /** `change` is asked with the inbox locked. `name`: of the program that comes or goes. False when there is no such inbox. */
  async change(tx: Tx, inboxId: number, name: string, change: () => Promise<Partial<Answerers>>): Promise<boolean> {
    const before = await this.answerers.lock(tx, inboxId);
    if (!before) return false;
    const after = { ...before, ...await change() };
    if (after.agent_bot_id === before.agent_bot_id && after.has_answering_hook === before.has_answering_hook) return true;
    await this.answerers.write(tx, inboxId, after);
    if (hasAnswerer(before) && !hasAnswerer(after)) await this.events.append(tx, { type: 'inbox.left_to_people', payload: { inbox_id: inboxId, name } });
    return true;
  }
}
