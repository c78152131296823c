import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.webp': 'image/webp', '.ico': 'image/x-icon', '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8', '.mp3': 'audio/mpeg', '.ogg': 'audio/ogg', '.webmanifest': 'application/manifest+json',
};
const COMPRESSIBLE = /^(text\/|application\/(json|manifest)|image\/svg)/;
/** Vite puts eight characters of the content's hash into a name, so what has one never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;

type Encoding = 'br' | 'gzip' | 'identity';
interface Stored { etag: string; type: string; path: string; size: number }

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** The files of one build (client/dist, widget/dist), sent compressed. Each is compressed once and kept. */
export class BuiltFiles {
  private readonly compressed = new Map<string, Promise<Buffer>>();

  constructor(private readonly folder: string) {}

  /** Sends the file, or answers false when the build has no such file. Hashed names are kept for ever unless `caching` says otherwise. */
  async send(request: FastifyRequest, reply: FastifyReply, path: string, caching?: string): Promise<boolean> {
    const file = await this.find(path);
    if (!file) return false;
    void reply.headers({
      'Content-Type': file.type, ETag: file.etag, Vary: 'Accept-Encoding',
      'Cache-Control': caching ?? (HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'public, max-age=300'),
    });
    if (request.headers['if-none-match'] === file.etag) {
      await reply.status(304).send();
      return true;
    }
    const encoding = COMPRESSIBLE.test(file.type) ? bestEncoding(request.headers['accept-encoding']) : 'identity';
    if (encoding !== 'identity') void reply.header('Content-Encoding', encoding);
    await reply.send(await this.bytes(file, encoding));
    return true;
  }

  private async find(path: string): Promise<Stored | undefined> {
    const full = normalize(join(this.folder, path));
    if (!full.startsWith(this.folder + sep) || path.includes('\u0000')) return undefined;
    const found = await stat(full).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    return { path: full, size: found.size, type: TYPES[extname(full)] ?? 'application/octet-stream', etag: `"${found.mtimeMs.toString(36)}-${found.size.toString(36)}"` };
  }

  private bytes(file: Stored, encoding: Encoding): Promise<Buffer> {
    if (encoding === 'identity') return readFile(file.path);
    const key = `${file.path} ${file.etag} ${encoding}`;
    let made = this.compressed.get(key);
    if (!made) {
      made = this.compress(file, encoding);
      // What failed is tried again by the next request.
      made.catch(() => this.compressed.delete(key));
      this.compressed.set(key, made);
    }
    return made;
  }

  private async compress(file: Stored, encoding: 'br' | 'gzip'): Promise<Buffer> {
    const ready = await readFile(`${file.path}.${encoding === 'br' ? 'br' : 'gz'}`).catch(() => undefined);
    if (ready) return ready;
    const raw = await readFile(file.path);
    if (encoding === 'gzip') return gzipped(raw, { level: 9 });
    return brotli(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: file.size } });
  }
}

/** What the browser takes, best first. A coding with q=0 is one it refuses. */
function bestEncoding(header: string | string[] | undefined): Encoding {
  const accepted = String(header ?? '').split(',').map((s) => s.trim().toLowerCase()).filter((s) => !/;\s*q=0(\.0+)?$/.test(s)).map((s) => s.split(';')[0]!.trim());
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity';
}
