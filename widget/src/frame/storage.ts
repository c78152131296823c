const websiteToken = new URLSearchParams(location.search).get('website_token') ?? '';
const prefix = `porchlight:${websiteToken}:`;
const memory = new Map<string, string>();

function probe(): boolean {
  try {
    localStorage.setItem(`${prefix}probe`, '1');
    localStorage.removeItem(`${prefix}probe`);
    return true;
  } catch {
    return false;
  }
}

/** False when the browser gives this iframe no storage: then things last as long as the page. */
export const durable = probe();

/** What this visitor has on this device, under the website's token. */
export const storage = {
  websiteToken,
  read(key: string): string | null {
    return durable ? localStorage.getItem(prefix + key) : (memory.get(key) ?? null);
  },
  write(key: string, value: string | null): void {
    if (!durable) {
      if (value === null) memory.delete(key);
      else memory.set(key, value);
      return;
    }
    if (value === null) return localStorage.removeItem(prefix + key);
    try {
      localStorage.setItem(prefix + key, value);
    } catch {
      memory.set(key, value); // The quota is used up.
    }
  },
  /** Forgets everything of this visitor. */
  clear(): void {
    memory.clear();
    if (!durable) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  },
  /** Calls back when another tab changed `key`. */
  onChange(key: string, changed: (value: string | null) => void): void {
    addEventListener('storage', (event) => {
      if (event.key === prefix + key || event.key === null) changed(event.newValue);
    });
  },
};

/** Runs `work` in one tab at a time where the browser can (it needs a secure page); elsewhere the server's idempotence has to do. */
export function inOneTab<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? (navigator.locks.request(prefix + name, work) as Promise<T>) : work();
}
