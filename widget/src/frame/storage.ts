import { tellHost } from './host/bridge';

const websiteToken = new URLSearchParams(location.search).get('website_token') ?? '';
const prefix = `porchlight:${websiteToken}:`;
const memory = new Map<string, string>();
const listeners: ((key: string, value: string | null) => void)[] = [];

function probe(): boolean {
  try {
    localStorage.setItem(`${prefix}probe`, '1');
    localStorage.removeItem(`${prefix}probe`);
    return true;
  } catch {
    return false;
  }
}

/** False where the browser gives a third-party iframe no storage (private windows): then the host page keeps things for us. */
const durable = probe();

/** What this visitor has on this device, under the website's token. */
export const storage = {
  websiteToken,
  read: (key: string): string | null => (durable ? localStorage.getItem(prefix + key) : (memory.get(key) ?? null)),
  write(key: string, value: string | null): void {
    if (storage.read(key) === value) return;
    if (!durable) {
      remember(key, value);
      return tellHost({ type: 'keep', key, value });
    }
    try {
      if (value === null) localStorage.removeItem(prefix + key);
      else localStorage.setItem(prefix + key, value);
    } catch {
      memory.set(key, value ?? ''); // The quota is used up: it lasts as long as this page.
    }
  },
  /** Forgets everything of this visitor. */
  clear(): void {
    const names = durable ? Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)) : [...memory.keys()];
    for (const name of names) storage.write(name, null);
  },
  /** Takes what the host page kept for us. */
  takeKept(kept: Record<string, string>): void {
    if (!durable) for (const [key, value] of Object.entries(kept)) memory.set(key, value);
  },
  /** Calls back when another tab changed `key`. */
  onChange(key: string, changed: (value: string | null) => void): void {
    listeners.push((name, value) => { if (name === key) changed(value); });
  },
};

function remember(key: string, value: string | null): void {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
}

/** The host page heard that another tab changed what it keeps for us. */
export function changedElsewhere(key: string, value: string | null): void {
  if (durable) return;
  remember(key, value);
  for (const listener of listeners) listener(key, value);
}

addEventListener('storage', (event) => {
  if (event.key?.startsWith(prefix)) for (const listener of listeners) listener(event.key.slice(prefix.length), event.newValue);
});

/** Runs `work` in one tab at a time where the browser can; where it refuses locks, the server's idempotence has to do. */
export async function inOneTab<T>(name: string, work: () => Promise<T>): Promise<T> {
  let begun = false;
  const once = (): Promise<T> => {
    begun = true;
    return work();
  };
  try {
    return await (navigator.locks ? navigator.locks.request(prefix + name, once) : once());
  } catch (error) {
    // Browsers that block third-party storage deny the lock before the work began.
    if (begun) throw error;
    return once();
  }
}
