import { Injectable } from '@nestjs/common';
import { Events } from '../delivery/events.js';
import type { AccountId } from '../platform/database/account-id.js';
import type { Tx } from '../platform/database/transaction.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { notFound } from '../platform/http/problem.js';
import { Log } from '../platform/logging/log.js';
import { Avatars, type ReceivedImage } from '../platform/storage/avatars.js';
import './contact.events.js';
import { ContactsRepository } from './contacts.repository.js';

/** The faces of people. */
@Injectable()
export class ContactAvatars {
  constructor(private readonly contacts: ContactsRepository, private readonly avatars: Avatars, private readonly unitOfWork: UnitOfWork, private readonly events: Events, private readonly log: Log) {}

  /** Stores a picture and does something with its key in a transaction; a picture that finds no owner goes again. `as` is the key it gets, if it is to have one of its own. Throws Problem `invalid` when it is none. */
  save<T>(account: AccountId, image: ReceivedImage | undefined, work: (tx: Tx, key: string | undefined) => Promise<T>, as?: string): Promise<T> {
    return this.avatars.saveFor({ accountId: account }, image, (key) => this.unitOfWork.run(account, (tx) => work(tx, key)), as);
  }

  /** Gives a contact this face instead of the one before; null takes it away. */
  async set(tx: Tx, id: number, key: string | null): Promise<void> {
    const before = await this.contacts.lock(tx, id);
    if (!before) throw notFound();
    if (before.avatar_key === key) return;
    await this.contacts.writeAvatar(tx, id, key);
    this.dropAfterCommit(tx, before.avatar_key);
    await this.events.append(tx, { type: 'contact.updated', payload: { contact_id: id, changes: { thumbnail: [this.avatars.url(before.avatar_key), this.avatars.url(key)] } } });
  }

  /** Removes a picture that nobody has any more. */
  dropAfterCommit(tx: Tx, key: string | null): void {
    tx.afterCommit(() => this.drop(key));
  }

  private drop(key: string | null | undefined): void {
    this.avatars.remove(key).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error }));
  }
}
