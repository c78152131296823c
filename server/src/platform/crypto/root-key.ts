import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
const BYTES = 32;

/**
 * 32 bytes that keys are derived from: every purpose has its own by HKDF, so that a token made for one thing never opens another.
 * Sealed text has the form v1.<key id>.<base64url nonce+tag+ciphertext>.
 */
export class RootKey {
  private readonly cache = new Map<string, Buffer>();
  /** Names the key inside what is sealed with it: eight hexadecimal digits that tell nothing about it. */
  readonly id: string;

  constructor(readonly bytes: Buffer) {
    if (bytes.length !== BYTES) throw new RangeError(`a root key has ${BYTES} bytes`);
    this.id = createHash('sha256').update('porchlight key id').update(bytes).digest('hex').slice(0, 8);
  }

  /** The one that SECRET_KEY stands for. */
  static fromSecret(secretKey: string): RootKey {
    return new RootKey(createHash('sha256').update(secretKey).digest());
  }

  static random(): RootKey {
    return new RootKey(randomBytes(BYTES));
  }

  /** A 32-byte key of one purpose. */
  key(purpose: string): Buffer {
    let key = this.cache.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.bytes, 'porchlight', purpose, 32));
      this.cache.set(purpose, key);
    }
    return key;
  }

  /** Encrypts with AES-256-GCM. The context (table:column:account:id) must be the same when opening. */
  seal(plain: string, context: string, purpose = 'seal'): string {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key(purpose), nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `v1.${this.id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** Decrypts what seal made. Throws when a bit or the context differs. */
  open(sealed: string, context: string, purpose = 'seal'): string {
    const [version, id, data] = sealed.split('.');
    if (version !== 'v1' || id !== this.id || !data) throw new Error('This value was sealed with another key.');
    const raw = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.key(purpose), raw.subarray(0, NONCE), { authTagLength: TAG }).setAAD(Buffer.from(context));
    decipher.setAuthTag(raw.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(raw.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
  }

  /** HMAC-SHA256 of the text with the purpose's key. */
  mac(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.key(purpose)).update(text).digest();
  }
}

/** The id of the key that a sealed text names. */
export const keyIdOf = (sealed: string): string => sealed.split('.')[1] ?? '';
