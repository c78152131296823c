import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A bucket that speaks enough of S3 for our client, and refuses requests that are not signed as Amazon demands (SigV4). */
export interface FakeS3 {
  url: string;
  objects: Map<string, Buffer>;
  /** Uploads in parts that were neither finished nor aborted. */
  unfinished: Map<string, Map<number, Buffer>>;
  /** Happens when an object has arrived, before it is there. */
  beforePut?: (key: string) => Promise<void>;
  close(): Promise<void>;
}

const SIGNED = /^AWS4-HMAC-SHA256 Credential=key-id\/\d{8}\/eu-test-1\/s3\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/;

export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const unfinished = new Map<string, Map<number, Buffer>>();
  const server = createServer((request, response) => void answer(request, response, s3));
  const s3: FakeS3 = { url: '', objects, unfinished, close: () => closed(server) };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  s3.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return s3;
}

async function answer(request: IncomingMessage, response: ServerResponse, s3: FakeS3): Promise<void> {
  const { objects, unfinished } = s3;
  const body = await bodyOf(request);
  const url = new URL(request.url!, 'http://s3');
  const key = decodeURIComponent(url.pathname.replace(/^\/bucket\//, ''));
  const xml = (status: number, text: string): void => { response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`); };
  if (!SIGNED.test(request.headers.authorization ?? '')) return xml(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>');
  const uploadId = url.searchParams.get('uploadId');
  if (request.method === 'POST' && url.searchParams.has('uploads')) {
    const id = `upload-${unfinished.size + 1}`;
    unfinished.set(id, new Map());
    return xml(200, `<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }
  if (request.method === 'PUT' && uploadId) {
    unfinished.get(uploadId)!.set(Number(url.searchParams.get('partNumber')), body);
    return void response.writeHead(200, { etag: '"part"' }).end();
  }
  if (request.method === 'POST' && uploadId) {
    objects.set(key, Buffer.concat([...unfinished.get(uploadId)!].sort(([a], [b]) => a - b).map(([, part]) => part)));
    unfinished.delete(uploadId);
    return xml(200, `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"whole"</ETag></CompleteMultipartUploadResult>`);
  }
  if (request.method === 'DELETE') {
    if (uploadId) unfinished.delete(uploadId); else objects.delete(key);
    return void response.writeHead(204).end();
  }
  if (request.method === 'PUT') {
    await s3.beforePut?.(key);
    objects.set(key, body);
    return void response.writeHead(200, { etag: '"whole"' }).end();
  }
  if (request.method === 'GET' && url.searchParams.get('list-type') === '2') {
    const prefix = url.searchParams.get('prefix') ?? '';
    // Two a page, so that whoever lists must turn pages.
    const keys = [...objects.keys()].filter((one) => one.startsWith(prefix) && one > (url.searchParams.get('continuation-token') ?? '')).sort();
    const more = keys.length > 2 ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${keys[1]}</NextContinuationToken>` : '<IsTruncated>false</IsTruncated>';
    return xml(200, `<ListBucketResult>${more}${keys.slice(0, 2).map((one) => `<Contents><Key>${one}</Key></Contents>`).join('')}</ListBucketResult>`);
  }
  const object = objects.get(key);
  if (!object) return request.method === 'HEAD' ? void response.writeHead(404).end() : xml(404, '<Error><Code>NoSuchKey</Code></Error>');
  if (request.method === 'HEAD') return void response.writeHead(200, { 'content-length': object.length }).end();
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = from === undefined ? object : object.subarray(Number(from), Number(to) + 1);
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': part.length, 'content-type': 'application/octet-stream' }).end(part);
}

/** The body without the framing that the SDK puts around a stream (aws-chunked). */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const raw = Buffer.concat(parts);
  if (!/aws-chunked/.test(String(request.headers['content-encoding'] ?? ''))) return raw;
  const chunks: Buffer[] = [];
  for (let at = 0; at < raw.length;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, lineEnd).toString().split(';')[0]!, 16);
    if (size === 0) break;
    chunks.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => { server.closeAllConnections(); server.close(() => resolve()); });
