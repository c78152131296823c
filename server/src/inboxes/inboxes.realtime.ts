import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { Pushes, type Frame, type RealtimeSource } from '../realtime/realtime-source.js';
import './inbox.events.js';

type Pushed = 'inbox.updated' | 'label.updated' | 'team.updated';

/** Tells the account that its inboxes, labels or teams changed. Who shows them fetches them again, with what they may see. */
@Injectable()
@Pushes('inbox.updated', 'label.updated', 'team.updated')
export class InboxesRealtime implements RealtimeSource<Pushed> {
  async frames(_account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return new Map(events.map((event) => [event.id, [{
      audience: { to: 'account' }, event: event.type, data: { id: idOf(event) },
    }]]));
  }
}

function idOf(event: StoredEvent<Pushed>): number {
  switch (event.type) {
    case 'inbox.updated': return event.payload.inbox_id;
    case 'label.updated': return event.payload.label_id;
    case 'team.updated': return event.payload.team_id;
  }
}
