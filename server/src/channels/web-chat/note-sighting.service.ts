import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import '../../inboxes/inbox.events.js';
import { Clock } from '../../platform/clock/clock.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Visitor } from './visitor.js';
import { VisitorsRepository } from './visitors.repository.js';

const MINUTE = 60_000;

/** Remembers when a website last showed the chat, so that setting it up can say "we see it". */
@Injectable()
export class NoteSighting {
  /** By inbox, what this process noted last: most sightings need no statement at all. */
  private readonly noted = new Map<number, number>();

  constructor(private readonly unitOfWork: UnitOfWork, private readonly visitors: VisitorsRepository, private readonly events: Events, private readonly clock: Clock) {}

  async note(visitor: Visitor, page: string): Promise<void> {
    const { inbox, accountId } = visitor;
    const now = this.clock.now();
    if (now - (this.noted.get(inbox.id) ?? 0) < MINUTE) return;
    this.noted.set(inbox.id, now);
    await this.unitOfWork.run(accountId, async (tx) => {
      const noted = await this.visitors.noteSighting(tx, inbox.id, page);
      if (noted?.first) await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: inbox.id } });
    });
  }
}
