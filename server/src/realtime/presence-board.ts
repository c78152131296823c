/** Who is here in one account, by kind. Viewing entries are `<conversation display id>/<user id>`. */
export type Kind = 'user' | 'contact' | 'viewing';

/** What one process has, as told to the others: `<kind>|<account>|<id>`. */
export interface Snapshot { process: string; entries: string[] }
export interface Change { process: string; added: string[]; removed: string[] }

const keyOf = (kind: Kind, account: number, id: number | string): string => `${kind}|${account}|${id}`;

/** Another process that has not spoken for so long is gone, and its people with it. */
const SILENT_MS = 25_000;

interface Remote { seen: number; entries: Set<string> }

/**
 * Who is present, kept in memory: what sockets of this process hold, and what other processes last said of theirs. Nothing is stored; a process
 * that dies takes its entries with it.
 */
export class PresenceBoard {
  /** How many sockets of this process hold each entry. */
  private readonly held = new Map<string, number>();
  private readonly remotes = new Map<string, Remote>();
  /** All entries of an account from everywhere, counted per process. */
  private readonly merged = new Map<number, Map<string, number>>();

  constructor(readonly process: string, private readonly onChange: (kind: Kind, account: number, id: string) => void, private readonly onLocal: (entry: string, added: boolean) => void) {}

  hold(kind: Kind, account: number, id: number | string): void {
    const key = keyOf(kind, account, id);
    const holders = this.held.get(key) ?? 0;
    this.held.set(key, holders + 1);
    if (holders > 0) return;
    this.count(key, 1);
    this.onLocal(key, true);
  }

  release(kind: Kind, account: number, id: number | string): void {
    const key = keyOf(kind, account, id);
    const holders = this.held.get(key) ?? 0;
    if (holders > 1) {
      this.held.set(key, holders - 1);
      return;
    }
    if (!this.held.delete(key)) return;
    this.count(key, -1);
    this.onLocal(key, false);
  }

  isHere(kind: Kind, account: number, id: number | string): boolean {
    return this.merged.get(account)?.has(keyOf(kind, account, id)) ?? false;
  }

  /** Ids of this kind that are here. */
  ids(kind: Kind, account: number): string[] {
    const prefix = `${kind}|${account}|`;
    return [...this.merged.get(account)?.keys() ?? []].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  snapshot(): Snapshot {
    return { process: this.process, entries: [...this.held.keys()] };
  }

  /** Another process says what it has. */
  replace({ process, entries }: Snapshot, now: number): void {
    const before = this.remotes.get(process)?.entries ?? new Set<string>();
    const after = new Set(entries);
    this.remotes.set(process, { seen: now, entries: after });
    for (const key of after) if (!before.has(key)) this.count(key, 1);
    for (const key of before) if (!after.has(key)) this.count(key, -1);
  }

  /** Another process says what changed there. */
  apply({ process, added, removed }: Change, now: number): void {
    const remote = this.remotes.get(process) ?? { seen: now, entries: new Set<string>() };
    this.remotes.set(process, remote);
    remote.seen = now;
    for (const key of added) if (!remote.entries.has(key)) { remote.entries.add(key); this.count(key, 1); }
    for (const key of removed) if (remote.entries.delete(key)) this.count(key, -1);
  }

  /** Forgets processes that fell silent. */
  expire(now: number): void {
    for (const [process, { seen }] of this.remotes) {
      if (now - seen < SILENT_MS) continue;
      this.replace({ process, entries: [] }, now);
      this.remotes.delete(process);
    }
  }

  private count(key: string, by: 1 | -1): void {
    const [kind, account, id] = key.split('|') as [Kind, string, string];
    const entries = this.merged.get(Number(account)) ?? new Map<string, number>();
    const before = entries.get(key) ?? 0;
    if (before + by > 0) entries.set(key, before + by);
    else entries.delete(key);
    if (entries.size > 0) this.merged.set(Number(account), entries);
    else this.merged.delete(Number(account));
    if ((before === 0) !== (before + by === 0)) this.onChange(kind, Number(account), id);
  }
}
