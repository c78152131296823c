import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { PeoplePresence } from '../identity/users/people-presence.js';
import { shownAvailability } from '../identity/users/availability.js';
import type { AvailabilityName } from '../identity/users/user.dto.js';
import { Log } from '../platform/logging/log.js';
import { PeopleDirectory, type Person } from './people-directory.js';
import { PresenceBoard, type Change, type Kind, type Snapshot } from './presence-board.js';
import { RealtimeRepository } from './realtime.repository.js';
import { rooms } from './rooms.js';
import { ShortMemory } from './short-memory.js';
import { SocketServer } from './socket-server.js';

const HEARTBEAT_MS = 10_000;
const TELL_MS = 200;
/** Reloading a page is not leaving. */
const GRACE_MS = 5_000;
/** Presence frames of an account are sent at most this often. */
const SHOW_MS = 1_000;

/** What processes tell each other of a merge. */
interface Merged { account: number; from: number; to: number }

/** Who is here: agents with a dashboard open, visitors with a chat open, and which conversation agents look at. */
@Injectable()
export class Presence implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly board = new PresenceBoard(randomUUID(), (kind, account, id) => this.changed(kind, account, id), (entry, added) => this.tellLater(entry, added));
  private readonly members = new ShortMemory<number[]>(5_000);
  private readonly showing = new Map<number, NodeJS.Timeout>();
  private readonly leaving = new Set<NodeJS.Timeout>();
  private readonly places = new Set<{ kind: Kind; account: number; id: number }>();
  private news = { added: new Set<string>(), removed: new Set<string>() };
  private telling?: NodeJS.Timeout;
  private heartbeat?: NodeJS.Timeout;
  private stopped = false;
  private readonly shownListeners: ((account: number) => void)[] = [];
  private viewingListener: (account: number, conversation: number) => void = () => undefined;

  constructor(
    private readonly sockets: SocketServer, private readonly people: PeopleDirectory, private readonly repository: RealtimeRepository,
    presence: PeoplePresence, private readonly log: Log,
  ) {
    presence.provide({ present: async (account, users) => new Set(users.filter((user) => this.board.isHere('user', account, user))) });
  }

  onApplicationBootstrap(): void {
    this.sockets.onTold<Snapshot>('presence', (snapshot) => this.board.replace(snapshot, Date.now()));
    this.sockets.onTold<Change>('presence change', (change) => this.board.apply(change, Date.now()));
    // Its people are on their way to another process, like people who reload a page.
    this.sockets.onTold<string>('presence gone', (process) => this.later(GRACE_MS, () => this.board.replace({ process, entries: [] }, Date.now())));
    this.sockets.onTold<Merged>('contact merged', (merged) => this.move(merged));
    this.sockets.onTold('presence?', () => this.sockets.tellOthers('presence', this.board.snapshot()));
    this.sockets.tellOthers('presence?', null);
    this.heartbeat = setInterval(() => {
      this.sockets.tellOthers('presence', this.board.snapshot());
      this.board.expire(Date.now());
    }, HEARTBEAT_MS);
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.telling);
    for (const timer of [...this.showing.values(), ...this.leaving]) clearTimeout(timer);
    // The others need not wait until this process counts as silent.
    this.sockets.tellOthers('presence gone', this.board.process);
  }

  /** Somebody came; call the answer when they leave. */
  enter(kind: Exclude<Kind, 'viewing'>, account: number, id: number): () => void {
    const place = { kind, account, id };
    this.board.hold(kind, account, id);
    this.places.add(place);
    return () => this.later(GRACE_MS, () => {
      this.places.delete(place);
      this.board.release(kind, account, place.id);
    });
  }

  /** One contact has become another: whoever was here as the one is here as the other, in every process. */
  contactMerged(account: number, from: number, to: number): void {
    this.move({ account, from, to });
    this.sockets.tellOthers('contact merged', { account, from, to } satisfies Merged);
  }

  /** Somebody looks at a conversation; call the answer when they look away. */
  view(account: number, conversation: number, user: number): () => void {
    const id = `${conversation}/${user}`;
    this.board.hold('viewing', account, id);
    return () => this.board.release('viewing', account, id);
  }

  /** Called when somebody begins or ends to look at a conversation (display id), anywhere. */
  onViewing(listener: (account: number, conversation: number) => void): void {
    this.viewingListener = listener;
  }

  /** Calls back in every process when presence of an account has changed, at most once a second. */
  onShown(listener: (account: number) => void): void {
    this.shownListeners.push(listener);
  }

  /** Who looks at the conversation (display id). */
  async viewers(account: number, conversation: number): Promise<Person[]> {
    const prefix = `${conversation}/`;
    const ids = this.board.ids('viewing', account).filter((id) => id.startsWith(prefix)).map((id) => Number(id.slice(prefix.length)));
    if (ids.length === 0) return [];
    const people = await this.people.of(account);
    return ids.flatMap((id) => { const row = people.get(id); return row ? [this.people.present(row, true)] : []; });
  }

  /** What others see of these people: online, busy or offline. Unknown people are offline. */
  async statusOf(account: number, userIds: number[]): Promise<Map<number, AvailabilityName>> {
    const people = await this.people.of(account);
    return new Map(userIds.map((id) => {
      const row = people.get(id);
      return [id, row ? shownAvailability(row.availability, row.auto_offline, this.board.isHere('user', account, id)) : 'offline'];
    }));
  }

  /** Whether a contact has a chat open. */
  contactIsHere(account: number, contactId: number): boolean {
    return this.board.isHere('contact', account, contactId);
  }

  /** Contacts who have a chat open. */
  contactsHere(account: number): number[] {
    return this.board.ids('contact', account).map(Number);
  }

  /** Members of the inbox who are online, as visitors may see them. */
  async agentsOnline(account: number, inboxId: number): Promise<Person[]> {
    const [people, members] = await Promise.all([
      this.people.of(account), this.members.get(`${account}/${inboxId}`, () => this.repository.inboxMembers(account, inboxId)),
    ]);
    return members.flatMap((id) => { const row = people.get(id); return row ? [this.people.present(row, this.board.isHere('user', account, id))] : []; })
      .filter((person) => person.availability_status === 'online');
  }

  /** Everybody who is not offline, in the shape of `presence.update`. */
  async overview(account: number): Promise<{ users: Record<string, AvailabilityName>; contacts: Record<string, 'online'> }> {
    const people = await this.people.of(account);
    const users: Record<string, AvailabilityName> = {};
    for (const [id, row] of people) {
      const status = shownAvailability(row.availability, row.auto_offline, this.board.isHere('user', account, id));
      if (status !== 'offline') users[id] = status;
    }
    return { users, contacts: Object.fromEntries(this.board.ids('contact', account).map((id) => [id, 'online' as const])) };
  }

  /** Names, pictures or chosen availability of the account's people changed: forgets what is remembered and shows it again. */
  peopleChanged(account: number): void {
    this.people.forget(account);
    this.showLater(account);
  }

  private move({ account, from, to }: Merged): void {
    for (const place of this.places) {
      if (place.kind !== 'contact' || place.account !== account || place.id !== from) continue;
      place.id = to;
      this.board.hold('contact', account, to);
      this.board.release('contact', account, from);
    }
  }

  private changed(kind: Kind, account: number, id: string): void {
    if (kind === 'viewing') this.viewingListener(account, Number(id.split('/')[0]));
    else this.showLater(account);
  }

  private showLater(account: number): void {
    if (this.stopped || !this.sockets.accepts || this.showing.has(account)) return;
    this.showing.set(account, setTimeout(() => {
      this.showing.delete(account);
      this.show(account).catch((error: unknown) => this.log.warn('presence was not shown', { account_id: account, error }));
    }, SHOW_MS));
  }

  // Every process shows it to its own sockets.
  private async show(account: number): Promise<void> {
    for (const listener of this.shownListeners) listener(account);
    if (this.sockets.agents.adapter.rooms.has(rooms.account(account))) {
      this.sockets.agents.local.to(rooms.account(account)).emit('event', { event: 'presence.update', account_id: account, data: await this.overview(account) });
    }
    const prefix = rooms.visitorsOf(account, 0).slice(0, -1);
    for (const room of this.sockets.visitors.adapter.rooms.keys()) {
      if (!room.startsWith(prefix)) continue;
      const inbox = Number(room.slice(prefix.length));
      this.sockets.visitors.local.to(room).emit('event', { event: 'presence.update', data: { agents: await this.agentsOnline(account, inbox) } });
    }
  }

  private later(milliseconds: number, work: () => void): void {
    if (this.stopped) return;
    const timer = setTimeout(() => { this.leaving.delete(timer); work(); }, milliseconds);
    this.leaving.add(timer);
  }

  private tellLater(entry: string, added: boolean): void {
    const { added: more, removed: less } = this.news;
    (added ? less : more).delete(entry);
    (added ? more : less).add(entry);
    if (!this.stopped) this.telling ??= setTimeout(() => {
      this.telling = undefined;
      const { added: a, removed: r } = this.news;
      this.news = { added: new Set(), removed: new Set() };
      this.sockets.tellOthers('presence change', { process: this.board.process, added: [...a], removed: [...r] } satisfies Change);
    }, TELL_MS);
  }
}
