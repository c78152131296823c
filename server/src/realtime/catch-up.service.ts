import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { isAdministrator, type Member } from '../identity/access/principal.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Problem } from '../platform/http/problem.js';
import type { CatchUp } from './catch-up.dto.js';
import { RealtimeRegistry } from './realtime-registry.js';
import type { Audience } from './realtime-source.js';

/** How far back a client may read; older state is fetched anew. */
const WINDOW = '7 days';
/** Events looked through for one answer. A client that may see none of so many is quicker with a fresh start. */
const LOOK_THROUGH = 5_000;
/** An answer that has become so long, in characters, is given as it is; the client asks on. */
const LONG = 8 * 1024 * 1024;

interface Page { events: StoredEvent[]; last: number; inboxes: Set<number> }

/** Answers what a client missed: the same frames that were pushed, with the state of now. */
@Injectable()
export class CatchUpService {
  constructor(private readonly work: UnitOfWork, private readonly registry: RealtimeRegistry) {}

  /** Frames after this number that the member may see. Throws Problem `gone` when the log no longer reaches back so far. */
  async after(member: Member, after: number, limit: number): Promise<CatchUp> {
    const payload: CatchUp['payload'] = [];
    let read = after;
    let length = 0;
    for (let looked = 0; ;) {
      const page = await this.read(member, read, limit);
      const { frames } = await this.registry.frames(member.accountId, page.events);
      for (const event of page.events) {
        const own = (frames.get(event.id) ?? []).filter((frame) => mayHear(member, page.inboxes, frame.audience));
        payload.push(...own.map((frame) => ({ seq: event.seq, event: frame.event, data: frame.data })));
        length += own.reduce((sum, frame) => sum + JSON.stringify(frame.data).length, 0);
        read = event.seq;
        if (payload.length >= limit || length >= LONG) break;
      }
      looked += page.events.length;
      if (read >= page.last || page.events.length === 0) return { payload, meta: { last_seq: Math.max(read, page.last), complete: true } };
      if (payload.length >= limit || length >= LONG) return { payload, meta: { last_seq: read, complete: false } };
      if (looked < LOOK_THROUGH) continue;
      if (payload.length === 0) throw gone();
      return { payload, meta: { last_seq: read, complete: false } };
    }
  }

  private read(member: Member, after: number, limit: number): Promise<Page> {
    return this.work.run(member.accountId, async (tx) => {
      const counter = await tx.one<{ value: number }>('SELECT value FROM account_counters WHERE account_id = $1 AND kind = 2', [member.accountId]);
      const last = counter?.value ?? 0;
      if (after === last) return { events: [], last, inboxes: new Set<number>() };
      const events = await tx.sql<StoredEvent>(
        `SELECT account_id, id, seq, created_at, type, payload, conversation_id, actor_id FROM events
         WHERE account_id = $1 AND seq > $2 AND seq <= $3 AND created_at > now() - interval '${WINDOW}' ORDER BY seq LIMIT $4`, [member.accountId, after, last, limit]);
      // Numbers have no gaps: a missing next one has left the window. A number ahead of the log is of another database.
      if (events[0]?.seq !== after + 1) throw gone();
      const inboxes = isAdministrator(member) ? [] : await tx.sql<{ inbox_id: number }>('SELECT inbox_id FROM inbox_members WHERE account_id = $1 AND user_id = $2', [member.accountId, member.userId]);
      return { events, last, inboxes: new Set(inboxes.map((row) => row.inbox_id)) };
    });
  }
}

const gone = (): Problem => new Problem('gone', 'The event log does not reach back so far. Fetch everything anew.');

function mayHear(member: Member, inboxes: Set<number>, audience: Audience): boolean {
  switch (audience.to) {
    case 'account': return true;
    case 'inbox': return isAdministrator(member) || inboxes.has(audience.inboxId);
    case 'user': return audience.userId === member.userId;
    case 'visitor': return false;
  }
}
