import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../delivery/event-types.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Pushes, type Frame, type RealtimeSource } from '../realtime/realtime-source.js';
import './contact.events.js';
import { ContactPresenter } from './contact.presenter.js';
import { ContactsRepository } from './contacts.repository.js';

type Pushed = 'contact.created' | 'contact.updated' | 'contact.deleted' | 'contact.merged';

/** Tells the whole account about its people. */
@Injectable()
@Pushes('contact.created', 'contact.updated', 'contact.deleted', 'contact.merged')
export class ContactsRealtime implements RealtimeSource<Pushed> {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly contacts: ContactsRepository, private readonly presenter: ContactPresenter) {}

  async frames(account: number, events: StoredEvent<Pushed>[]): Promise<Map<number, Frame[]>> {
    const ids = [...new Set(events.map((event) => event.payload.contact_id))];
    const rows = new Map((await this.unitOfWork.run(accountId(account), (tx) => this.contacts.findMany(tx, ids))).map((row) => [row.id, row]));
    return new Map(events.flatMap((event): [number, Frame[]][] => {
      const row = rows.get(event.payload.contact_id);
      const data = event.type === 'contact.deleted' ? { id: event.payload.contact_id } : row && this.presenter.present(row);
      return data ? [[event.id, [{ audience: { to: 'account' }, event: event.type, data }]]] : [];
    }));
  }
}
