import { randomBytes } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { RootKey } from '../../platform/crypto/root-key.js';
import { rechunk } from '../../platform/storage/rechunk.js';
import { CHUNK, ChunkCipher, DamagedFile, HEADER, keyIdOfHeader, makeHeader, SEALED_CHUNK } from '../../platform/storage/sealed-format.js';
import { ByteReader } from './byte-reader.js';
import { BackupError } from './backup.errors.js';

/**
 * A backup as a file: a line that names the format, a readable description (length, then JSON), and the rest sealed in chunks like every file of
 * ours, which makes a cut, swapped or changed chunk impossible to miss. The description is authenticated with each chunk. Sealed is a gzip stream
 * of records: a kind (one byte), a length (four), the content. The key comes from SECRET_KEY itself, as the keys of the installation lie inside.
 */
const TITLE = Buffer.from('PORCHLIGHT-BACKUP 1\n');
const PURPOSE = 'backups';
const ANOTHER = 'This backup was made with another SECRET_KEY. Give the one it was made with as OLD_SECRET_KEY (or the path of a file that holds it as OLD_SECRET_KEY_FILE), then try again.';
const NEITHER = 'This backup was made with a SECRET_KEY that is neither the present one nor the one given as OLD_SECRET_KEY. It opens with that one only.';
const MAX_DESCRIPTION = 1_000_000;
const MAX_RECORD = 16 * 1024 * 1024;
const JSON_RECORD = 1;
const BYTES_RECORD = 2;

/** What anybody may read of a backup. */
export interface BackupDescription { created_at: string; version: string; key_id: string; migrations: string[] }

/** What a backup tells, in this order: partitions, tables, sequences, files, the end. Content is followed by its closing record. */
export type BackupNote =
  | { is: 'partition'; name: string; of: string; bound: string }
  | { is: 'table'; name: string; columns: string[] } | { is: 'table end'; rows: number; sha256: string }
  | { is: 'sequence'; name: string; value: number }
  | { is: 'file'; key: string } | { is: 'file end'; sha256: string } | { is: 'missing file'; key: string }
  | { is: 'end'; tables: number; rows: number; files: number };
export type BackupRecord = BackupNote | Buffer;

/** The bytes of a backup file. */
export async function* writeBackup(description: BackupDescription, records: AsyncIterable<BackupRecord>, secret: RootKey): AsyncGenerator<Buffer> {
  const text = Buffer.from(JSON.stringify(description));
  const header = makeHeader(secret.id, randomBytes(16));
  yield Buffer.concat([TITLE, length(text.length), text, header]);
  const cipher = new ChunkCipher(secret.key(PURPOSE), header, text.toString());
  const packed = pipeline(Readable.from(framed(records), { objectMode: false }), createGzip({ level: 3 }), () => undefined);
  let index = 0;
  for await (const { piece, last } of rechunk(packed, CHUNK)) yield cipher.seal(piece, index++, last);
}

async function* framed(records: AsyncIterable<BackupRecord>): AsyncGenerator<Buffer> {
  for await (const record of records) {
    const [kind, content] = Buffer.isBuffer(record) ? [BYTES_RECORD, record] : [JSON_RECORD, Buffer.from(JSON.stringify(record))];
    yield Buffer.concat([Buffer.from([kind]), length(content.length), content]);
  }
}

/** An opened backup: its description at once, its records as they are read. Reading throws BackupError where the bytes are not what was written. */
export interface OpenedBackup { description: BackupDescription; /** What it was made with. */ secret: RootKey; records: AsyncGenerator<BackupRecord> }

/** Opens a backup with the one of these SECRET_KEYs that it was made with. Throws BackupError when it is none, or was made with another. */
export async function openBackup(source: AsyncIterable<Buffer>, secrets: readonly RootKey[]): Promise<OpenedBackup> {
  const reader = new ByteReader(source);
  try {
    return await opening(reader, secrets);
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function opening(reader: ByteReader, secrets: readonly RootKey[]): Promise<OpenedBackup> {
  const title = await reader.take(TITLE.length);
  if (!title?.equals(TITLE)) throw new BackupError('This is not a backup of Porchlight, or one of a version that this one does not know.');
  const size = await reader.take(4);
  const text = size && size.readUInt32BE() <= MAX_DESCRIPTION ? await reader.take(size.readUInt32BE()) : undefined;
  const header = await reader.take(HEADER);
  if (!text || !header) throw damaged();
  const description = described(text);
  const secret = secrets.find(({ id }) => id === description.key_id);
  if (!secret) throw new BackupError(secrets.length > 1 ? NEITHER : ANOTHER);
  if (keyIdOf(header) !== secret.id) throw damaged();
  const cipher = new ChunkCipher(secret.key(PURPOSE), header, text.toString());
  return { description, secret, records: unframed(opened(reader.rest(), cipher)) };
}

function keyIdOf(header: Buffer): string | undefined {
  try {
    return keyIdOfHeader(header);
  } catch {
    return undefined;
  }
}

function described(text: Buffer): BackupDescription {
  try {
    const description = JSON.parse(text.toString()) as BackupDescription;
    if (Array.isArray(description.migrations) && typeof description.key_id === 'string') return description;
  } catch { /* said below */ }
  throw damaged();
}

async function* opened(sealed: AsyncIterable<Buffer>, cipher: ChunkCipher): AsyncGenerator<Buffer> {
  let index = 0;
  try {
    for await (const { piece, last } of rechunk(sealed, SEALED_CHUNK)) yield cipher.open(piece, index++, last);
  } catch (error) {
    throw error instanceof DamagedFile ? damaged() : error;
  }
}

async function* unframed(packed: AsyncIterable<Buffer>): AsyncGenerator<BackupRecord> {
  const reader = new ByteReader(pipeline(Readable.from(packed, { objectMode: false }), createGunzip(), () => undefined));
  try {
    for (;;) {
      const head = await reader.take(5);
      if (!head) throw damaged();
      const size = head.readUInt32BE(1);
      const content = size <= MAX_RECORD ? await reader.take(size) : undefined;
      if (!content) throw damaged();
      const record = head[0] === BYTES_RECORD ? content : JSON.parse(content.toString()) as BackupNote;
      yield record;
      if (Buffer.isBuffer(record) || record.is !== 'end') continue;
      // What follows the end would be somebody else's.
      if (await reader.take(1)) throw damaged();
      return;
    }
  } finally {
    await reader.close();
  }
}

const damaged = (): BackupError => new BackupError('This backup is damaged: it was cut short or changed. Use another one.');

function length(bytes: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32BE(bytes);
  return field;
}
