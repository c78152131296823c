import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/**
 * Secrets of the installation. Every purpose has its own key, derived from SECRET_KEY by HKDF, so that a token made for one thing
 * never opens another. Sealed text has the form v1.<key id>.<base64url nonce+tag+ciphertext>.
 */
export class Keyring {
  private readonly root: Buffer;
  private readonly cache = new Map<string, Buffer>();
  /** Names the root key inside sealed values, so that a later key can be told apart. */
  readonly keyId: string;

  constructor(secretKey: string) {
    this.root = createHash('sha256').update(secretKey).digest();
    this.keyId = createHash('sha256').update('porchlight key id').update(this.root).digest('hex').slice(0, 8);
  }

  /** A 32-byte key of one purpose. */
  key(purpose: string): Buffer {
    let key = this.cache.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.root, 'porchlight', purpose, 32));
      this.cache.set(purpose, key);
    }
    return key;
  }

  /** Encrypts with AES-256-GCM. The context (table:column:account:id) must be the same when opening. */
  seal(plain: string, context: string): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key('seal'), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `v1.${this.keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** Decrypts what seal made. Throws when a bit or the context differs. */
  open(sealed: string, context: string): string {
    const [version, keyId, data] = sealed.split('.');
    if (version !== 'v1' || keyId !== this.keyId || !data) throw new Error('This value was sealed with another key.');
    const raw = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key('seal'), raw.subarray(0, NONCE)).setAAD(Buffer.from(context));
    decipher.setAuthTag(raw.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(raw.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
  }

  /** HMAC-SHA256 of the text with the purpose's key. */
  mac(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.key(purpose)).update(text).digest();
  }

  /** `<payload>.<mac>`, readable by everybody, forgeable by nobody. */
  sign(purpose: string, payload: object): string {
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${body}.${this.mac(purpose, body).toString('base64url')}`;
  }

  /** The payload of what sign made, or undefined when it is forged or garbled. Expiry is the caller's to check. */
  verify<T>(purpose: string, token: string): T | undefined {
    const [body, mac, rest] = token.split('.');
    if (!body || !mac || rest !== undefined || !sameBytes(Buffer.from(mac, 'base64url'), this.mac(purpose, body))) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as T;
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
