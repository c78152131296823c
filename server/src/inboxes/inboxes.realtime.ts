import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { Pushes, type Frame, type RealtimeSource } from '../realtime/realtime-source.js';
import './inbox.events.js';

type Pushed = 'inbox.updated' | 'label.updated';

/** Tells the account that its inboxes or labels changed. Who shows them fetches them again, with what they may see. */
@Injectable()
@Pushes('inbox.updated', 'label.updated')
export class InboxesRealtime implements RealtimeSource<Pushed> {
  async frames(_account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    return new Map(events.map((event) => [event.id, [{
      audience: { to: 'account' }, event: event.type, data: { id: event.type === 'inbox.updated' ? event.payload.inbox_id : event.payload.label_id },
    }]]));
  }
}
