import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { keyIdOf, RootKey } from './root-key.js';

/** A key of the ring. */
export interface DataKey {
  root: RootKey;
  /** Until when what was signed with it counts; for the current one and one that is about to be it, always. */
  verifiesUntil?: Date;
}

/**
 * The keys that everything of the installation is sealed and signed with. One is current: it seals, and what earlier ones sealed still opens.
 * A long-lived process learns of new ones while it runs.
 */
export class Keyring {
  private keys = new Map<string, DataKey>();
  private latest?: RootKey;
  /** Called when something names a key that is not on the ring. */
  onUnknownKey: () => void = () => undefined;

  /** The first one is the current one. Without any, everything that needs one throws. */
  constructor(keys: readonly DataKey[] = []) {
    this.replace(keys);
  }

  /** A ring of the one key that a secret stands for. */
  static ofSecret(secretKey: string): Keyring {
    return new Keyring([{ root: RootKey.fromSecret(secretKey) }]);
  }

  replace(keys: readonly DataKey[]): void {
    this.keys = new Map(keys.map((key) => [key.root.id, key]));
    this.latest = keys[0]?.root;
  }

  private get current(): RootKey {
    if (!this.latest) throw new Error('There are no keys to seal or open anything with.');
    return this.latest;
  }

  /** Whether there is a key on the ring that another one has replaced. */
  get holdsFormer(): boolean {
    return [...this.keys.values()].some(({ verifiesUntil }) => verifiesUntil !== undefined);
  }

  /** Names the current key. */
  get keyId(): string {
    return this.current.id;
  }

  /** The 32-byte key of one purpose; undefined when the ring has no key of this id. */
  key(purpose: string, id: string): Buffer | undefined {
    return this.named(id)?.key(purpose);
  }

  /** Encrypts with the current key. The context (table:column:account:id) must be the same when opening. */
  seal(plain: string, context: string): string {
    return this.current.seal(plain, context);
  }

  /** Decrypts what seal made, with whichever key it names. Throws when a bit or the context differs. */
  open(sealed: string, context: string): string {
    const root = this.named(keyIdOf(sealed));
    if (!root) throw new Error('This value was sealed with another key.');
    return root.open(sealed, context);
  }

  /** HMAC-SHA256 of the text with the current key's key of the purpose. */
  mac(purpose: string, text: string): Buffer {
    return this.current.mac(purpose, text);
  }

  /** The same with each key of the ring: what a text made earlier may look like. */
  macs(purpose: string, text: string): Buffer[] {
    return [...this.keys.values()].map(({ root }) => root.mac(purpose, text));
  }

  /** `<payload>.<mac>`, readable by everybody, forgeable by nobody. */
  sign(purpose: string, payload: object): string {
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${body}.${this.mac(purpose, body).toString('base64url')}`;
  }

  /** The payload of what sign made, or undefined when it is forged or garbled. Expiry is the caller's to check. */
  verify<T>(purpose: string, token: string): T | undefined {
    const [body, mac, rest] = token.split('.');
    if (!body || !mac || rest !== undefined) return undefined;
    const given = Buffer.from(mac, 'base64url');
    const counts = ({ root, verifiesUntil }: DataKey): boolean => (verifiesUntil === undefined || verifiesUntil.getTime() > Date.now()) && sameBytes(given, root.mac(purpose, body));
    return [...this.keys.values()].some(counts) ? JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as T : undefined;
  }

  private named(id: string): RootKey | undefined {
    const key = this.keys.get(id);
    if (!key) this.onUnknownKey();
    return key?.root;
  }
}

/** Constant-time comparison that also accepts different lengths. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256, for looking up high-entropy tokens that are stored hashed. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** A random token of so many bytes, base64url, optionally with a prefix that scanners can find leaks by. */
export function randomToken(bytes = 32, prefix = ''): string {
  return prefix + randomBytes(bytes).toString('base64url');
}
